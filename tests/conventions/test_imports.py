"""The import contracts hold, and each notices an import that breaks it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import renhao

pytestmark = pytest.mark.conventions

ROOT = Path(__file__).parents[2]
LAYERS = "A package imports only packages on lower lines, edges never each other"
SIMULATOR = "The simulator knows pure models only, never a store"
KERNEL = "The kernel knows nobody"
PLANTED = [
    ("kernel/clock.py", "import renhao.settings", KERNEL),
    ("audit/model.py", "import renhao.booking", LAYERS),
    ("schedule/model.py", "from renhao import booking", LAYERS),
    ("web/pages.py", "import renhao.cli", LAYERS),
    ("simulate/dice.py", "from renhao.storage import Tx", SIMULATOR),
]


@pytest.mark.parametrize(("file", "line", "contract"), PLANTED)
def test_a_planted_import_breaks_its_contract(
    tmp_path: Path, file: str, line: str, contract: str
) -> None:
    shutil.copytree(Path(renhao.__file__).parent, tmp_path / "renhao")
    planted = tmp_path / "renhao" / file
    planted.write_text(f"{planted.read_text('utf-8')}\n{line}\n", encoding="utf-8")

    told = _lint(tmp_path)

    assert told.returncode == 1
    assert f"{contract} BROKEN" in " ".join(told.stdout.split())


def test_a_package_without_a_layer_is_noticed(tmp_path: Path) -> None:
    shutil.copytree(Path(renhao.__file__).parent, tmp_path / "renhao")
    (tmp_path / "renhao" / "helpers").mkdir()
    (tmp_path / "renhao" / "helpers" / "__init__.py").touch()

    told = _lint(tmp_path)

    assert told.returncode != 0


def _lint(folder: Path) -> "subprocess.CompletedProcess[str]":
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--no-logo", "--no-cache", "--config", ROOT / ".importlinter"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
