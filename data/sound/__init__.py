"""Sounds: read, mixed with noise, and turned into log-mel spectrograms."""
