"""What the Workbench is made of beside its panels: one controller for each thing that people do with it."""
