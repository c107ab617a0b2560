"""Seconds and joules of one inference, from measurements of kernels and networks."""
