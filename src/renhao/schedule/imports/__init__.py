"""Imports: what applying a schedule file would do, and doing it in one transaction."""

from renhao.schedule.imports.model import (
    ClinicChange,
    ClinicKey,
    ClinicState,
    Conflict,
    Imported,
    ImportPlan,
    NewNames,
    PoolChange,
    Reason,
    Wanted,
)
from renhao.schedule.imports.operations import apply_import, plan_import

__all__ = [
    "ClinicChange",
    "ClinicKey",
    "ClinicState",
    "Conflict",
    "ImportPlan",
    "Imported",
    "NewNames",
    "PoolChange",
    "Reason",
    "Wanted",
    "apply_import",
    "plan_import",
]
