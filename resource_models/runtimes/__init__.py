"""Runtimes: the software that runs a network on a board."""
