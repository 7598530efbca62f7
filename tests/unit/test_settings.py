"""Settings from the environment and the command line."""

from pathlib import Path

import pytest

from renhao import settings

pytestmark = pytest.mark.unit


def test_the_command_line_wins_over_the_environment() -> None:
    read = settings.read({"RENHAO_PORT": "9000", "RENHAO_DATA": "/srv/x"}, port=9001, host=None)

    assert read.port == 9001
    assert read.data == Path("/srv/x")
    assert read.host == "127.0.0.1"


def test_settings_survive_the_way_to_a_child() -> None:
    given = settings.read({}, port=9001, data=Path("/srv/x"), proxy_headers=True)

    assert settings.read(settings.environment(given)) == given


def test_a_wrong_value_names_the_setting() -> None:
    with pytest.raises(settings.SettingsError, match="port"):
        settings.read({"RENHAO_PORT": "eighty"})
    with pytest.raises(settings.SettingsError, match="prot"):
        settings.read({"RENHAO_PROT": "80"})


def test_test_settings_and_others_are_left_alone() -> None:
    assert settings.read({"RENHAO_TEST_X": "1", "PATH": "/bin"}) == settings.Settings()


def test_cookies_are_secure_behind_https() -> None:
    assert settings.Settings(base_url="https://h.example").secure_cookies
    assert not settings.Settings().secure_cookies
