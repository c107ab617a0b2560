"""The command line: what the commands take, print and answer."""
