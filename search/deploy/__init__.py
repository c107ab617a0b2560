"""From a found network to a board: its integer arithmetic, plain C, and the proof that both give the same bytes."""
