"""Recipes by name, for the networks of a front: "as searched", and those that find what a product ships."""
