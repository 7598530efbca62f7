import pytest

from renhao.schedule.search_words import READINGS_MAX, search_words

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("单文清", {"shanwenqing", "danwenqing", "swq", "dwq"}),
        ("仇远山", {"qiuyuanshan", "chouyuanshan", "qys"}),
        ("曾可", {"zengke", "cengke", "zk", "ck"}),
        ("吕燕", {"lvyan", "lyuyan", "ly"}),
        ("谌一", {"shenyi", "chenyi"}),
        ("黑光明", {"heguangming", "heiguangming"}),
        ("心血管内科", {"xinxueguanneike", "xxgnk"}),
        ("CT 室", {"ct室", "ctshi", "cts"}),
    ],
)
def test_a_name_is_found_under_every_reading(name: str, words: set[str]) -> None:
    assert words <= set(search_words(name))


def test_a_name_is_found_by_itself() -> None:
    assert "阿依古丽买买提" in search_words("阿依古丽·买买提")


def test_nothing_is_found_under_nothing() -> None:
    assert search_words(" · ") == ()


def test_long_names_stay_bounded() -> None:
    assert len(search_words("单仇曾" * 16)) <= 3 * READINGS_MAX + 1


def test_words_are_sorted_and_distinct() -> None:
    words = search_words("乐单")

    assert list(words) == sorted(set(words))
