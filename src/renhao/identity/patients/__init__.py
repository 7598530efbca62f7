"""Patients: persons, the claims made about them, and the accounts that may book for them."""
