"""Design your own: a network built by hand."""
