import pytest

from renhao.identity.names import parse_name, same_name
from renhao.kernel import Kind, Purpose, Refused, Sensitive
from tests.support import people

pytestmark = pytest.mark.unit


def parsed(raw: str) -> str:
    return parse_name(raw).reveal(purpose=Purpose.SEAL)


@pytest.mark.parametrize(
    "name",
    [
        "张明",
        "欧阳娜娜",
        "阿依古丽·买买提",
        "𠮷田",
        "王\U0002b5af",
        "李\U00030ede",
        "张\U000323b0",
        "刘〇",
        "䶮华",
        "\uf979\uf92c",
        "Ada Lovelace",
        "Jean-Luc d'Arc",
        "Nguyễn Thị Ánh",
        "Ólafur Þór",
        "Ng Ho",
        "'t Veld",
        "李安" * 25,
    ],
)
def test_real_names_are_kept_as_they_are(name: str) -> None:
    assert parsed(name) == name


@pytest.mark.parametrize("index", [0, 17, 300, 4095])
def test_invented_people_have_names_that_are_taken(index: int) -> None:
    assert parsed(people.person_name(index)) == people.person_name(index)
    assert parsed(people.latin_name(index)) == people.latin_name(index)


@pytest.mark.parametrize("dot", list("·•‧∙⋅・･．․ㆍ᛫."))
def test_every_dot_becomes_the_one_dot(dot: str) -> None:
    assert parsed(f"阿依古丽 {dot} 买买提") == "阿依古丽·买买提"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (" 张　 明 ", "张明"),
        ("⼀⼆", "一二"),
        ("张\u200b明\ufeff", "张明"),
        ("葛\U000e0100城", "葛城"),
        ("ＡＤＡ  Ｌee", "ADA Lee"),
        ("Chloe\u0301  Martin", "Chloé Martin"),
        ("O’Neil", "O'Neil"),
        ("Anne\u2010Marie", "Anne-Marie"),
        ("J. R. Smith", "J R Smith"),
    ],
)
def test_typing_habits_do_not_matter(typed: str, name: str) -> None:
    assert parsed(typed) == name
    assert parsed(name) == name


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "name-missing"),
        (" \u3000\u200b", "name-missing"),
        ("张", "name-length"),
        ("A", "name-length"),
        ("A\u0308", "name-length"),
        ("李" * 51, "name-length"),
        ("A" * 201, "name-length"),
        ("561", "name-digits"),
        ("张3", "name-digits"),
        ("张３", "name-digits"),
        ("张①", "name-digits"),
        ("〡〢", "name-digits"),
        ("·", "name-punctuation"),
        ("--", "name-punctuation"),
        (".", "name-punctuation"),
        ("·张明", "name-punctuation"),
        ("张··明", "name-punctuation"),
        ("张-明", "name-punctuation"),
        ("Ann--- Lee", "name-punctuation"),
        ("-Ann", "name-punctuation"),
        ("张明！", "name-characters"),
        ("张？", "name-characters"),
        ("…", "name-characters"),
        ("Иван", "name-characters"),
        ("やまだ", "name-characters"),
        ("张\ue863", "name-characters"),
        ("张😀", "name-characters"),
        ("<b>Ann</b>", "name-characters"),
        ("张\ud840", "name-characters"),
        ("张Amy", "name-scripts"),
        ("测试", "name-placeholder"),
        ("测试员", "name-placeholder"),
        ("張測試", "name-placeholder"),
        ("某某某", "name-placeholder"),
        ("啊啊啊", "name-placeholder"),
        ("患者", "name-placeholder"),
        ("test", "name-placeholder"),
        ("TEST", "name-placeholder"),
        ("Ada Test", "name-placeholder"),
        ("test-user", "name-placeholder"),
        ("testtest", "name-placeholder"),
        ("testuser", "name-placeholder"),
        ("ceshi", "name-placeholder"),
        ("asdfgh", "name-placeholder"),
        ("xxx", "name-placeholder"),
        ("No Name", "name-placeholder"),
        ("ＮＵＬＬ", "name-placeholder"),
    ],
)
def test_each_broken_rule_is_named(raw: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_name(raw, field="guardian_name")

    refusal = caught.value
    assert (refusal.code, refusal.kind, refusal.field) == (code, Kind.INVALID, "guardian_name")
    assert refusal.sentence("zh") != refusal.sentence("en")


@pytest.mark.parametrize("name", ["Lena Testino", "Anne Null", "Max Contest", "No Ne", "明明"])
def test_names_that_only_resemble_a_placeholder_are_taken(name: str) -> None:
    assert parsed(name) == name


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ada Lovelace", "ADA  LOVELACE", True),
        ("阿依古丽·买买提", "阿依古丽买买提", True),
        ("Anne-Marie", "Anne Marie", True),
        ("\uf979华", "凉华", True),
        ("Zoë Lee", "Zoe Lee", False),
        ("张明", "张鸣", False),
        ("张明", "張明", False),
    ],
)
def test_names_are_compared_without_case_spaces_and_dots(one: str, other: str, same: bool) -> None:  # noqa: FBT001 - a column of the table
    assert same_name(Sensitive(one), Sensitive(other)) is same
