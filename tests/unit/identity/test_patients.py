from datetime import UTC, date, datetime, timedelta

import pytest

from renhao import identity
from renhao.audit import PROGRAM, Actor, ActorKind
from renhao.identity.desk import model as desk
from renhao.identity.patients import model
from renhao.kernel import AccountId, IdentityId, PatientId, Sensitive, new_id
from tests.support.identities import NOW, TODAY, clerk

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("birth", "group"),
    [
        (date(2012, 3, 3), "child"),
        (date(2012, 3, 2), "adult"),
        (date(1961, 3, 3), "adult"),
        (date(1961, 3, 2), "elder"),
    ],
)
def test_age_groups_change_on_birthdays(birth: date, group: str) -> None:
    assert model.age_group(Sensitive(birth), today=TODAY) == group


@pytest.mark.parametrize(("birth", "of_age"), [(date(2008, 3, 2), True), (date(2008, 3, 3), False)])
def test_guardians_are_of_age(birth: date, *, of_age: bool) -> None:
    if of_age:
        model.check_guardian_age(Sensitive(birth), today=TODAY)
    else:
        with pytest.raises(identity.GuardianTooYoung):
            model.check_guardian_age(Sensitive(birth), today=TODAY)


def test_the_day_a_patient_may_come_back_is_true_from_its_first_minute() -> None:
    removed = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    patient_id = PatientId(new_id())
    link = identity.PatientLink(
        AccountId(new_id()), patient_id, IdentityId(new_id()), None, None, NOW, removed
    )

    with pytest.raises(identity.PatientCoolingDown) as refused:
        model.check_room([link], patient_id=patient_id, relation=None, now=NOW + timedelta(hours=2))

    assert refused.value.facts["day"] == date(2026, 4, 2)
    first_minute = datetime(2026, 4, 1, 16, 0, tzinfo=UTC)
    assert model.local_day(first_minute) == date(2026, 4, 2)
    model.check_room([link], patient_id=patient_id, relation=None, now=first_minute)


def test_two_different_members_of_staff_sign() -> None:
    one, other = clerk(), clerk()

    desk.check_two_persons(one, other)
    for second in (one, PROGRAM, Actor(ActorKind.STAFF, None), Actor(ActorKind.ACCOUNT, new_id())):
        with pytest.raises(identity.SecondPersonNeeded):
            desk.check_two_persons(one, second)


def test_only_staff_act_at_the_desk() -> None:
    by = clerk()

    assert desk.staff_id(by) == by.id
    with pytest.raises(ValueError, match="only staff"):
        desk.staff_id(PROGRAM)
    with pytest.raises(ValueError, match="only staff"):
        desk.staff_id(Actor(ActorKind.STAFF, None))
