"""Runs: what is searched next, other runs beside this one, and the lines that do the same."""
