"""Boards: what each offers, and which of them can run a network."""
