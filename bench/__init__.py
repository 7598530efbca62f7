"""Measurements: each part is a ratio taken in one run, alternating."""
