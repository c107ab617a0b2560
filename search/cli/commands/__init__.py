"""The commands of `python -m search`, a file for each or for a few that belong together."""
