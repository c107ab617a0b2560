"""A folder that a person can use at once: the model, C in the forms that build systems take, a self-test, a card."""
