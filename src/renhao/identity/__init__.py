"""Accounts, patients, their documents, and how sure we are of them."""
