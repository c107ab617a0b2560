"""What pruning takes from a network, as shapes and numbers; the weights are the business of `search.training`."""
