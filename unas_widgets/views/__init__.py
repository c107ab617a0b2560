"""View models: what the panels show, as plain values made by pure functions. No widget library is imported here."""
