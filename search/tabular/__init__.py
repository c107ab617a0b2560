"""Tables of trained networks, in which searches run in seconds: for comparing algorithms and for class."""
