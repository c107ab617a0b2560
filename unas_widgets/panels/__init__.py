"""The widgets: each shows one view model, works alone, and is composed by the Workbench."""
