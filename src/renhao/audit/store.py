"""Writes audit events; the program's roles can only insert them."""

from collections.abc import Sequence

from renhao.audit.model import Event
from renhao.kernel import new_id
from renhao.storage import Tx, array, words

INSERT = """
INSERT INTO audit_event (hospital_id, event_id, at, action, actor_kind, actor_id, patient_id,
  subject_id, fields, purpose, request_id)
SELECT hospital_id, event_id, at, action, actor_kind, actor_id, patient_id, subject_id,
  string_to_array(fields, ','), purpose, request_id
FROM unnest(%s::uuid[], %s::uuid[], %s::timestamptz[], %s::text[], %s::text[], %s::uuid[],
  %s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::uuid[]) AS event (hospital_id, event_id, at,
  action, actor_kind, actor_id, patient_id, subject_id, fields, purpose, request_id)
"""


async def insert(tx: Tx, events: Sequence[Event]) -> None:
    """Write the events with one statement."""
    columns = [
        array(event.hospital_id for event in events),
        array(new_id() for _ in events),  # no rule depends on these ids
        array(event.at for event in events),
        words(event.action for event in events),
        words(event.by.kind.value for event in events),
        array(event.by.id for event in events),
        array(event.patient_id for event in events),
        array(event.subject_id for event in events),
        [",".join(event.fields) for event in events],
        words(event.purpose.value if event.purpose else None for event in events),
        array(event.request_id for event in events),
    ]
    await tx.run(INSERT, columns)
