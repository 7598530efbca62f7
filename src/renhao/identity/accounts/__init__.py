"""Accounts: a phone number, one-time codes, sessions."""
