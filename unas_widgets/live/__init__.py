"""What panels do in threads of their own: they follow a run, and report what goes wrong in that."""
