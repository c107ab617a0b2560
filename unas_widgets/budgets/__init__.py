"""Budgets: sliders and fields, and what each bound is worth."""
