"""Boards: which take a network, and a form for one's own."""
