"""Both languages say everything; dates read as people say them."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.extract import extract_from_dir

from renhao.web import dates, i18n, pages, preferences

pytestmark = pytest.mark.web

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)
END = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def ids_in(folder: Path) -> set[str]:
    found = extract_from_dir(folder, [("**.html", "jinja2")], options_map={"**.html": {}})
    return {text for _, _, text, _, _ in found if isinstance(text, str)}


def test_every_sentence_has_its_english() -> None:
    catalogue = i18n.catalogue()
    translated = {str(each.id) for each in catalogue if each.id and each.string and not each.fuzzy}

    used = ids_in(pages.FOLDER)

    assert len(used) > 100
    assert used - translated == set()
    assert translated - used == set()


def test_translations_take_the_same_facts() -> None:
    catalogue = i18n.catalogue()

    wrong = [each.id for each in catalogue if each.id and len(each.check(catalogue))]

    assert wrong == []


def test_a_missing_translation_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "new.html").write_text("{{ _('新的句子') }}", encoding="utf-8")

    assert ids_in(tmp_path) == {"新的句子"}


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh", "11月24日 周二 上午 08:30–09:00"), ("en", "Tue 24 Nov morning 08:30–09:00")],
)
def test_a_time_window_reads_as_people_say_it(language: str, said: str) -> None:
    assert dates.window(START, END, SHANGHAI, i18n.known(language) or "zh") == said


def test_the_day_is_the_hospitals_day() -> None:
    late = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)

    assert dates.today(late, SHANGHAI) == date(2026, 11, 24)
    assert dates.moment(late, SHANGHAI, "zh") == "11月24日 周二 01:00"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "zh"),
        ("fr", "zh"),
        ("en-US,en;q=0.9", "en"),
        ("en;q=0.3, zh-HK;q=0.9", "zh"),
        ("en;q=much", "zh"),
    ],
)
def test_the_browsers_wish_chooses_the_language(header: str, language: str) -> None:
    assert i18n.accepted(header) == language


@pytest.mark.parametrize("path", ["//x", "https://x/", "/\\x", "x", "/a\nb", ""])
def test_a_way_back_never_leaves_the_site(path: str) -> None:
    assert preferences.safe_path(path) == "/"
