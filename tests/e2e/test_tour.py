"""`renhao demo --tour` walks the whole journey, and fails aloud when a step does."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from renhao.cli.demo import note, tour, visitor
from tests.support.processes import environment, free_port, short_folder

pytestmark = pytest.mark.e2e

TOUR_SECONDS_MAX = 400


def test_the_tour_walks_every_step() -> None:
    with short_folder() as folder:
        data = ["--data", str(folder / "data"), "--patients", "20"]
        walked = subprocess.run(
            [sys.executable, "-m", "renhao", "demo", "--tour", *data],
            env=environment(RENHAO_PORT=str(free_port())),
            capture_output=True,
            text=True,
            timeout=TOUR_SECONDS_MAX,
            check=False,
        )

    assert walked.returncode == 0, walked.stdout + walked.stderr[-2000:]
    assert walked.stdout.count("✓") == 13
    assert "✗" not in walked.stdout


def test_a_step_that_fails_ends_the_tour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(visitor, "READY_SECONDS_MAX", 0.5)
    nowhere = note.Note(
        seed=1,
        first_day=date(2026, 11, 24),
        hospital_code="demo",
        base_url=f"http://127.0.0.1:{free_port()}",
        logins=[],
        patient_phone="19900000000",
    )

    with pytest.raises(SystemExit) as ended:
        tour.walk(nowhere, messages=tmp_path / "messages.jsonl")

    assert ended.value.code == 1
    assert "✗" in capsys.readouterr().out
