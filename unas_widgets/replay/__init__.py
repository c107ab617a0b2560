"""A recorded run, played back."""
