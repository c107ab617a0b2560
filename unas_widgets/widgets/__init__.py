"""What all panels are made of: inputs, HTML with a selection, the look, what stays in a saved notebook."""
