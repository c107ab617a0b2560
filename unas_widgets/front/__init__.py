"""The front: error against a resource, and all quantities at once."""
