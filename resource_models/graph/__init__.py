"""The operator graph: what a network computes, and the shape of every tensor in it."""
