"""Whether each command of a batch gets a number: a pure function over facts read under locks."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from renhao.audit import ActorKind
from renhao.booking import limits, refusals
from renhao.booking.facts import Facts, Holding, Person, Pool, SlotFacts, Taken
from renhao.booking.limits import LIMITED_CHANNELS
from renhao.booking.model import LIVE, Assurance, BookCommand, Status
from renhao.kernel import Refused
from renhao.schedule import Channel, LimitCode, LimitRule, Mode

QUESTIONS_A_DAY_MAX = 3
"""How often one account may be sent to the window in a day (docs/concepts/whose-booking.md)."""
RELEASED_CHANNELS = frozenset({Channel.ONLINE, Channel.WINDOW})
"""Channels that wait for the release, and that a draw replaces where a clinic is drawn."""
PROVEN = frozenset({Assurance.MATCHED, Assurance.SEEN})


def decide(commands: Iterable[BookCommand], facts: Facts) -> list[Taken | Refused]:
    """Answer the commands one after the other; each sees what those before it took."""
    return [_answer(command, facts) for command in commands]


def _answer(command: BookCommand, facts: Facts) -> Taken | Refused:
    try:
        return _take(command, facts)
    except refusals.Neutral as refused:
        facts.asked[command.actor_id] = facts.asked.get(command.actor_id, 0) + 1
        return refused
    except Refused as refused:
        return refused


def _take(command: BookCommand, facts: Facts) -> Taken:
    check_channel(command)
    slot, pool = _place(command, facts)
    check_open(slot, command)
    person = _person(command, facts)
    held = facts.holdings.setdefault(command.patient_id, [])
    if command.channel is Channel.ONLINE:
        _check_questions(command, facts)
        _check_bars(command, held, facts)
    _check_same(command, slot, held)
    if command.channel in LIMITED_CHANNELS:
        _check_limits(command, slot, held, facts)
    number = pool.take()
    if number is None:
        raise refusals.SlotFull
    assurance = assurance_of(person, command.identity_id)
    held.append(_holding(command, slot, assurance))
    return Taken(command, slot, number, assurance)


def check_channel(command: BookCommand) -> None:
    """Let accounts book online and staff everything else. Raises ChannelNotYours."""
    if command.channel is Channel.ONLINE:
        allowed = command.by.kind is ActorKind.ACCOUNT and command.by.id == command.account_id
    else:
        allowed = command.by.kind is ActorKind.STAFF
    if not allowed:
        raise refusals.ChannelNotYours


def check_open(slot: SlotFacts, command: BookCommand) -> None:
    """Refuse a clinic that is not open to the channel at that moment."""
    if slot.status == "suspended":
        raise refusals.ClinicSuspended
    if slot.status != "open":
        raise refusals.ClinicClosed
    if command.channel in RELEASED_CHANNELS and slot.mode == Mode.DRAW:
        raise refusals.DrawClinic
    if command.channel in RELEASED_CHANNELS and command.at < slot.released_at:
        raise refusals.NotReleasedYet(released_at=slot.released_at.isoformat())
    if command.channel is Channel.ONLINE and command.at >= slot.clinic_starts_at:
        raise refusals.ClinicStarted
    if command.at >= slot.ends_at:
        raise refusals.SlotOver


def assurance_of(person: Person, identity_id: UUID) -> str:
    """Return what was proved of this identity row; nothing was of a row nobody compared."""
    proved = person.assurance is not None and person.compared == identity_id
    return str(person.assurance) if proved else Assurance.DECLARED.value


def _place(command: BookCommand, facts: Facts) -> tuple[SlotFacts, Pool]:
    slot = facts.slots.get(command.slot_id)
    pool = facts.pools.get((command.slot_id, command.channel.value))
    if slot is None or pool is None:
        raise refusals.NoSuchNumbers
    return slot, pool


def _person(command: BookCommand, facts: Facts) -> Person:
    person = facts.persons.get((command.patient_id, command.account_id))
    if person is None or person.assurance is None:
        raise refusals.PatientNotLinked
    if command.account_id is not None and person.linked != command.identity_id:
        raise refusals.PatientNotLinked
    return person


def _check_questions(command: BookCommand, facts: Facts) -> None:
    if facts.asked.get(command.actor_id, 0) >= QUESTIONS_A_DAY_MAX:
        raise refusals.TooManyQuestions


def _check_bars(command: BookCommand, held: list[Holding], facts: Facts) -> None:
    today = command.at.astimezone(ZoneInfo(facts.zone)).date()
    for status, code, refusal in (
        (Status.NO_SHOW, LimitCode.NO_SHOWS, refusals.BarredForNoShows),
        (Status.CANCELLED, LimitCode.LATE_CANCELS, refusals.BarredForLateCancels),
    ):
        past = [each for each in held if each.status == status and _counts(each, command)]
        if not past:
            continue
        rule = limits.rule_for(facts.rules, code, today)
        if _closed(past, rule, today) is None:
            continue
        until = _closed([each for each in past if _own(each, command)], rule, today)
        if until is None:
            raise refusals.Neutral
        raise refusal(most=rule.most, window_days=rule.window_days, until=until.isoformat())


def _counts(past: Holding, command: BookCommand) -> bool:
    """Whether a no-show counts: against the account, and the person only once proved."""
    return _own(past, command) or past.assurance in PROVEN


def _closed(past: Iterable[Holding], rule: LimitRule, today: date) -> date | None:
    until = limits.barred_until([each.day for each in past], rule)
    return until if until is not None and today < until else None


def _check_same(command: BookCommand, slot: SlotFacts, held: list[Holding]) -> None:
    for each in held:
        if each.status not in LIVE:
            continue
        if each.clinic_id == slot.clinic_id:
            raise _own_or_neutral(command, each, refusals.AlreadyInClinic())
        if each.department_id == slot.department_id and each.day == slot.day:
            raise _own_or_neutral(command, each, refusals.AlreadyInDepartment())


def _check_limits(command: BookCommand, slot: SlotFacts, held: list[Holding], facts: Facts) -> None:
    counted = [each for each in held if each.status in LIVE and each.channel in LIMITED_CHANNELS]
    if not counted:
        return
    own = [each for each in counted if _own(each, command)]
    by_day = limits.rule_for(facts.rules, LimitCode.DEPARTMENTS_PER_DAY, slot.day)
    if _departments(counted, slot, by_day) >= by_day.most:
        if _departments(own, slot, by_day) < by_day.most:
            raise refusals.Neutral
        raise refusals.TooManyDepartments(most=by_day.most)
    by_week = limits.rule_for(facts.rules, LimitCode.APPOINTMENTS_PER_WEEK, slot.day)
    if not limits.fits_in_window([each.day for each in counted], slot.day, by_week):
        if limits.fits_in_window([each.day for each in own], slot.day, by_week):
            raise refusals.Neutral
        raise refusals.TooManyAppointments(most=by_week.most, window_days=by_week.window_days)


def _departments(held: Iterable[Holding], slot: SlotFacts, rule: LimitRule) -> int:
    span = timedelta(days=rule.window_days)
    return len({each.department_id for each in held if abs(each.day - slot.day) < span})


def _own(held: Holding, command: BookCommand) -> bool:
    """Whether the caller may know of it: staff see the card, an account what it booked itself."""
    return command.by.kind is ActorKind.STAFF or held.account_id == command.account_id


def _own_or_neutral(command: BookCommand, held: Holding, refusal: Refused) -> Refused:
    return refusal if _own(held, command) else refusals.Neutral()


def _holding(command: BookCommand, slot: SlotFacts, assurance: str) -> Holding:
    return Holding(
        patient_id=command.patient_id,
        clinic_id=slot.clinic_id,
        department_id=slot.department_id,
        day=slot.day,
        channel=command.channel.value,
        account_id=command.account_id,
        assurance=assurance,
        status=Status.BOOKED.value,
    )
