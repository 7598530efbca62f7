"""Invented names: a frequent surname and one or two characters that names are made of."""

from renhao.simulate.dice import Dice

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余"
    "杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙"
    "史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤单仇查解翟缪"
)
RARE_SURNAMES = ("欧阳", "司马", "上官", "诸葛", "尉迟", "令狐")
FREQUENT = 40
"""The first so many surnames are borne by most people."""
MALE = "伟强磊军勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林远博志文瑞泽轩诚毅川岩松峰"
FEMALE = "芳娜敏静秀娟英华慧巧美玲丽萍红玉兰霞燕艳梅琳雪倩婷雯欣怡洁颖萌璐瑶佳悦晴岚月宁诗涵"
FIRST = "子文雨思嘉晓佳俊梓浩宇欣若语知书景安清云一以可怀望昭言星沐南北春秋长"


def invented_name(dice: Dice, *, male: bool, surname: str | None = None) -> str:
    """Make a name up; about three in four have two characters after the surname."""
    family = surname or _surname(dice)
    last = dice.choose(MALE if male else FEMALE)
    return family + (dice.choose(FIRST) if dice.chance(75) else "") + last


def _surname(dice: Dice) -> str:
    if dice.chance(1):
        return dice.choose(RARE_SURNAMES)
    return dice.choose(SURNAMES[:FREQUENT] if dice.chance(80) else SURNAMES)
