"""What many requests ask the database at once, gathered into one reading for each process."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from litestar.connection import ASGIConnection

from renhao import booking, identity, storage
from renhao.booking import AppointmentView
from renhao.identity import PatientLink, Session
from renhao.kernel import AccountId, AppointmentId, HospitalId, PatientId, Sensitive
from renhao.services import Services
from renhao.storage import Gathered
from renhao.web.noting import UseNotes

Named = tuple[AppointmentView, Sensitive[str] | None]
Pair = tuple[AccountId, PatientId]
Place = tuple[HospitalId, AppointmentId]


class Readers:
    """The readings of one application."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.notes = UseNotes(services.pool, services.clock)
        """Notes in the background which sessions are in use."""
        self.sessions = Gathered(self._sessions)
        """Live sessions by token."""
        self.links = Gathered(self._links)
        """Whether an account may book for a patient."""
        self.appointments = Gathered(self._appointments)
        """Appointments with the names they were booked with, for the account that booked them."""

    async def _sessions(self, tokens: Sequence[str]) -> Mapping[str, Session]:
        now = self._services.clock()
        async with storage.begin(self._services.pool) as tx:
            found = await identity.sessions_of(tx, tokens=tokens, now=now)
        self.notes.add(each for each in found.values() if each.is_stale(now=now))
        return found

    async def _links(self, pairs: Sequence[Pair]) -> Mapping[Pair, PatientLink]:
        async with storage.begin(self._services.pool) as tx:
            return await identity.patient_links(tx, pairs=pairs)

    async def _appointments(self, places: Sequence[Place]) -> Mapping[Place, Named]:
        found: dict[Place, Named] = {}
        async with storage.begin(self._services.pool) as tx:
            for hospital_id, group in groupby(sorted(places), key=lambda place: place[0]):
                views = await booking.appointments_by_id(
                    tx, hospital_id=hospital_id, appointment_ids=[each[1] for each in group]
                )
                names = await identity.own_names(
                    tx, self._services.vault, identity_ids=[view.identity_id for view in views]
                )
                for view in views:
                    place = (view.hospital_id, view.appointment_id)
                    found[place] = (view, names.get(view.identity_id))
        return found


def readers_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Readers:
    """Give the readings of the application that serves this request."""
    found: Readers = connection.app.state.readers
    return found
