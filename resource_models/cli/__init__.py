"""What `python -m resource_models` prints and answers."""
