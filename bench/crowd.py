"""People with sealed names, so that a booking's answer has one to open."""

import secrets
from collections.abc import Sequence

import psycopg

from renhao import privacy
from renhao.kernel import Sensitive, utc_now
from renhao.privacy.cipher import DataKey, encrypt
from renhao.storage import embedded
from tests.support.clinics import Hospital, Person
from tests.support.crowds import Wish, wishes
from tests.support.people import person_name
from tests.support.processes import Serving


def make(serving: Serving, hospital: Hospital, *, many: int) -> list[Wish]:
    """Make people with accounts, sessions, keys and sealed names, and a wish for each."""
    ring = privacy.keyring.load(serving.data / "key-ring.json")
    with serving.owner() as owner, serving.owner(embedded.KEY_DATABASE) as keys:
        crowd = wishes(owner, hospital, many=many)
        _seal(owner, keys, ring, [wish.person for wish in crowd])
        owner.execute("VACUUM (ANALYZE)")
    return crowd


def _seal(
    owner: psycopg.Connection,
    keys: psycopg.Connection,
    ring: privacy.keyring.KeyRing,
    persons: Sequence[Person],
) -> None:
    now, wrapping = utc_now(), ring.wrapping[ring.active]
    plain = {each.patient_id: secrets.token_bytes(32) for each in persons}
    with keys.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO wrapped_key (owner_id, ring_key_id, wrapped, created_at)"
            " VALUES (%s, %s, %s, %s)",
            [
                (id_, ring.active, encrypt(wrapping, key, place=f"wrapped_key/{id_}"), now)
                for id_, key in plain.items()
            ],
        )
    with owner.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO identity VALUES (%s, %s, 'citizen', %s, '\\x00', NULL, 'account', %s, %s)",
            [
                (
                    each.patient_id,
                    each.identity_id,
                    DataKey(plain[each.patient_id]).seal(
                        Sensitive(person_name(place)), place=f"identity.name/{each.identity_id}"
                    ),
                    each.account_id,
                    now,
                )
                for place, each in enumerate(persons)
            ],
        )
