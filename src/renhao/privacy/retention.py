"""How long what ended is still kept: the jobs delete by it, the privacy page tells it."""

from datetime import timedelta

ACCOUNT_TRACES_KEPT = timedelta(days=7)
"""One-time codes, sessions and counters, after their own end."""
REQUESTS_KEPT = timedelta(days=30)
"""Requests, after they were made."""
MESSAGES_KEPT = timedelta(days=30)
"""Messages, after they were sent or given up."""
