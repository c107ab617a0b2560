"""How far a search is: its state, its controls, what it has reached, its log."""
