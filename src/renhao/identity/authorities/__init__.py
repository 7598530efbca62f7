"""Who matches name and document number: nobody, a file of test persons, or a service."""

from renhao.identity.authorities.persons_file import FileAuthority, PersonsFileError
from renhao.identity.authorities.port import Answer, Authority, NoAuthority
from renhao.identity.authorities.service import HttpAuthority

__all__ = [
    "Answer",
    "Authority",
    "FileAuthority",
    "HttpAuthority",
    "NoAuthority",
    "PersonsFileError",
]
