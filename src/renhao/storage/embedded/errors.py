"""What goes wrong with the embedded server, said so that a person can mend it."""


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot be had; the text says why and what to do."""
