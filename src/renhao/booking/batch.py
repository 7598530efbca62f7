"""One batch: many requests in one transaction, an outcome for each."""

from collections.abc import Sequence
from uuid import UUID

from renhao import audit, notify, storage
from renhao.booking import batch_store, refusals, store
from renhao.booking.decide import decide
from renhao.booking.facts import Facts, Taken
from renhao.booking.model import BookCommand, Booked
from renhao.kernel import Refused
from renhao.notify import Template
from renhao.schedule import Channel
from renhao.storage import Tx

Outcome = Booked | Refused
Key = tuple[UUID, UUID]
"""Whose request it is, and its id."""

BATCH_MAX = 256
STATEMENT_SECONDS = 5.0


async def serve(
    pool: storage.Pool,
    commands: Sequence[BookCommand],
    *,
    statement_seconds: float = STATEMENT_SECONDS,
) -> list[Outcome]:
    """Serve commands of one hospital in one transaction; answer in their order.

    Locks requests, then patients, then pools, each sorted. Raises what the database raises: then
    nothing is known to be booked, and the same commands may be served again.
    """
    first: dict[Key, BookCommand] = {}
    for command in commands:
        first.setdefault(_key(command), command)
    async with storage.begin(pool) as tx:
        answers = await _answer(tx, list(first.values()), statement_seconds)
    return [_shared(command, first, answers) for command in commands]


async def _answer(
    tx: Tx, commands: Sequence[BookCommand], statement_seconds: float
) -> dict[Key, Outcome]:
    claims, facts = await batch_store.read(tx, commands, statement_seconds=statement_seconds)
    fresh = [each for each in commands if claims[_key(each)].seen == 1]
    decisions = decide(fresh, facts)
    await _write(tx, fresh, decisions, facts)
    answers: dict[Key, Outcome] = {
        _key(command): _booked(decision) if isinstance(decision, Taken) else decision
        for command, decision in zip(fresh, decisions, strict=True)
    }
    if len(fresh) < len(commands):
        repeated = [each for each in commands if claims[_key(each)].seen > 1]
        answers |= await _first_answers(tx, repeated, claims)
    return answers


async def _write(
    tx: Tx, fresh: Sequence[BookCommand], decisions: Sequence[Taken | Refused], facts: Facts
) -> None:
    taken = [each for each in decisions if isinstance(each, Taken)]
    pools = [each for each in facts.pools.values() if each.added]
    refused = [
        (command, decision)
        for command, decision in zip(fresh, decisions, strict=True)
        if isinstance(decision, Refused)
    ]
    if not fresh:
        return
    async with tx.connection.pipeline():
        await batch_store.write(tx, fresh[0].hospital_id, taken, pools, refused)
        await audit.record(tx, *(_event(each) for each in taken))
        await notify.enqueue(
            tx, *(_message(each) for each in taken if each.command.account_id is not None)
        )


async def _first_answers(
    tx: Tx, repeated: Sequence[BookCommand], claims: dict[Key, batch_store.Claim]
) -> dict[Key, Outcome]:
    ids = [claims[_key(each)].appointment_id for each in repeated]
    booked = await store.booked(tx, repeated[0].hospital_id, ids)
    return {_key(each): _first_answer(each, claims[_key(each)], booked) for each in repeated}


def _first_answer(
    command: BookCommand, claim: batch_store.Claim, booked: dict[UUID, Booked]
) -> Outcome:
    if claim.digest != command.digest:
        return refusals.RequestIdReused()
    if claim.refusal is not None:
        return refusals.BY_CODE[claim.refusal](**(claim.facts or {}))
    return booked[claim.appointment_id]


def _shared(
    command: BookCommand, first: dict[Key, BookCommand], answers: dict[Key, Outcome]
) -> Outcome:
    if first[_key(command)].digest != command.digest:
        return refusals.RequestIdReused()
    return answers[_key(command)]


def _key(command: BookCommand) -> Key:
    return command.actor_id, command.request_id


def _booked(taken: Taken) -> Booked:
    command, slot = taken.command, taken.slot
    return Booked(
        hospital_id=command.hospital_id,
        appointment_id=command.appointment_id,
        clinic_id=slot.clinic_id,
        slot_id=command.slot_id,
        department_id=slot.department_id,
        channel=command.channel,
        number=taken.number,
        day=slot.day,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        patient_id=command.patient_id,
        booked_at=command.at,
    )


def _event(taken: Taken) -> audit.Event:
    command = taken.command
    at_window = command.channel is Channel.WINDOW
    return audit.Event(
        at=command.at,
        action="appointment.booked-at-window" if at_window else "appointment.booked",
        by=command.by,
        hospital_id=command.hospital_id,
        patient_id=command.patient_id,
        subject_id=command.appointment_id,
        request_id=command.request_id,
    )


def _message(taken: Taken) -> notify.Message:
    command = taken.command
    return notify.Message(
        template=Template.BOOKED,
        created_at=command.at,
        expires_at=taken.slot.ends_at,
        hospital_id=command.hospital_id,
        account_id=command.account_id,
        appointment_id=command.appointment_id,
    )
