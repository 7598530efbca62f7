"""The database roles: each may do only what its part of the program needs."""

OWNER = "renhao_owner"
"""Owns the tables: migrations and partitions."""
SERVER = "renhao_server"
"""Serves requests; cannot update what must not change."""
WORKER = "renhao_worker"
"""Sends messages, closes days, deletes what retention says."""
OFFICER = "renhao_officer"
"""Reads the access log."""
ALL = (OWNER, SERVER, WORKER, OFFICER)
