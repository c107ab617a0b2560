"""What a user's own board measured: from the lines of the self-test into the run that found the network."""
