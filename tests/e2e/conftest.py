"""A hospital with a few clinics, served to a real browser."""

from collections.abc import AsyncIterator

import psycopg
import pytest

from renhao import privacy, storage
from tests.support import clinics
from tests.support.api import Served, served
from tests.support.browser import Site, site_of

DEPARTMENTS = (("心血管内科", "Cardiology"), ("儿科", "Paediatrics"), ("骨科", "Orthopaedics"))


@pytest.fixture
async def site(
    pool: storage.Pool, vault: privacy.Vault, owner: psycopg.Connection
) -> AsyncIterator[Site]:
    """Serve it on a free port."""
    async with served(pool, vault, owner) as made:
        furnish(made)
        async with site_of(made) as site:
            yield site


def furnish(served: Served) -> None:
    """Give names to what the tests' hospital has, and some more clinics."""
    owner, hospital = served.owner, served.hospital
    for _ in DEPARTMENTS[1:]:
        clinics.clinic(owner, hospital, slots=8, capacity=4)
    clinics.clinic(
        owner,
        hospital,
        slots=2,
        capacity=2,
        mode="draw",
        half_day="afternoon",
        department_id=hospital.clinics[0].department_id,
    )
    owner.execute(
        "UPDATE hospital SET name_zh = '北湖市第一人民医院', name_en = 'Beihu First Hospital',"
        " address_zh = '北湖市人民路 1 号', address_en = '1 Renmin Road, Beihu',"
        " phone = '0990-1234567', notice_zh = '儿科门诊已搬到 2 号楼 3 层。',"
        " notice_en = 'Paediatrics has moved to building 2, floor 3.'"
    )
    for clinic, (zh, en) in zip(hospital.clinics, DEPARTMENTS, strict=False):
        owner.execute(
            "UPDATE department SET name_zh = %s, name_en = %s, place_zh = '门诊楼 3 层 B 区',"
            " place_en = 'Outpatient building, floor 3, area B' WHERE department_id = %s",
            [zh, en, clinic.department_id],
        )
