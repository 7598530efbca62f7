"""Reads of staff for pages."""

from renhao.kernel import HospitalId
from renhao.staff import store
from renhao.staff.model import Staff
from renhao.storage import Tx


async def staff_of_hospital(tx: Tx, *, hospital_id: HospitalId) -> list[Staff]:
    """List a hospital's staff by login, closed logins too."""
    rows = await tx.rows(
        store.StaffRow,
        f"SELECT hospital_id, {store.COLUMNS} FROM staff WHERE hospital_id = %s ORDER BY login",
        [hospital_id],
    )
    return [row.staff() for row in rows]
