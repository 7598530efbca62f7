"""What tests of booking ask a database."""

import psycopg

from tests.support.clinics import Hospital


def assert_conserved(owner: psycopg.Connection, hospital: Hospital) -> None:
    """Nothing oversold, numbers unique, counts right, every booking audited once."""
    wrong = owner.execute(
        """
        SELECT p.slot_id, p.channel FROM slot_pool p LEFT JOIN appointment a
          ON a.hospital_id = p.hospital_id AND a.slot_id = p.slot_id AND a.channel = p.channel
        WHERE p.hospital_id = %s
        GROUP BY p.hospital_id, p.slot_id, p.channel
        HAVING p.taken <> count(*) FILTER (WHERE a.status <> 'cancelled')
          OR p.taken + p.held_back > p.capacity
          OR p.held_back <> count(*) FILTER
            (WHERE a.status = 'cancelled' AND a.cancel_reason <> 'rescheduled')
          OR count(*) FILTER (WHERE a.cancel_reason = 'rescheduled')
            < cardinality(p.reopened)
        """,
        [hospital.hospital_id],
    ).fetchall()
    assert wrong == []
    unaudited = owner.execute(
        """
        SELECT a.appointment_id FROM appointment a LEFT JOIN audit_event e
          ON e.hospital_id = a.hospital_id AND e.subject_id = a.appointment_id
          AND e.action IN ('appointment.booked', 'appointment.booked-at-window',
            'appointment.rescheduled')
        WHERE a.hospital_id = %s GROUP BY a.appointment_id HAVING count(e.event_id) <> 1
        """,
        [hospital.hospital_id],
    ).fetchall()
    assert unaudited == []


def count(owner: psycopg.Connection, sql: str, *parameters: object) -> int:
    """Read one number."""
    row = owner.execute(sql, parameters).fetchone()
    assert row is not None
    return int(row[0])
