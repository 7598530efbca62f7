"""The facts behind "what is held and why", in both languages (PIPL Articles 6 and 17)."""

from dataclasses import dataclass

from renhao.web.api.sentences import Both


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that is held, why, and how long."""

    what: Both
    why: Both
    kept: Both


FACES = Both(
    "我们从不采集您的人脸。系统里没有存放人脸、指纹、声纹的地方。",
    "We never ask for your face. There is no place in the system for faces, fingerprints or"
    " voice prints.",
)
_WHILE_ACCOUNT = Both("账号存在期间", "while the account exists")
_WHILE_PATIENT = Both("本人还有预约记录期间", "while there are appointments of the person")
HELD = [
    Held(
        Both("手机号", "phone number"),
        Both("用来登录和通知就诊。加密保存。", "To log in and to tell of visits. Encrypted."),
        _WHILE_ACCOUNT,
    ),
    Held(
        Both("验证码的摘要", "digest of the one-time code"),
        Both("用来核对验证码。", "To check the code."),
        Both("失效后一天", "a day after it runs out"),
    ),
    Held(
        Both("登录的设备名称和时间", "name of the device and time of each login"),
        Both("让您能看到并注销。", "So that you can see and end logins."),
        Both("退出或失效后七天", "seven days after it ends"),
    ),
    Held(
        Both("就诊人的姓名、证件种类、证件号码", "a patient's name, document kind and number"),
        Both(
            "实名挂号的依据：号属于本人，报到时人号对应。加密保存，页面上只显示一部分。",
            "The number belongs to the person: card and person are compared on arrival."
            " Encrypted, and shown in part only.",
        ),
        _WHILE_PATIENT,
    ),
    Held(
        Both("出生日期", "date of birth"),
        Both(
            "只在证件号码里没有时才问，用来判断是否需要监护人。",
            "Asked only when the document number lacks it, to know whether a guardian is needed.",
        ),
        _WHILE_PATIENT,
    ),
    Held(
        Both("关系、监护人", "relation, guardian"),
        Both(
            "关系可以不填；未满 14 岁必须有监护人。",
            "The relation is optional; a child under 14 needs a guardian.",
        ),
        _WHILE_ACCOUNT,
    ),
    Held(
        Both(
            "预约的科室、时间、号、是否到诊", "department, time, number of an appointment, arrival"
        ),
        Both(
            "为了把号留给您，并按公开的规则计算爽约。医院只看到在本院的预约。",
            "To keep the number for you and to count no-shows by public rules. A hospital sees its"
            " own appointments only.",
        ),
        Both("按病历保存规定", "as the rules for hospital records say"),
    ),
    Held(
        Both("操作记录", "record of what was done"),
        Both(
            "谁在何时看过或改过，只记项目，不记内容，谁也不能删改。",
            "Who saw or changed what and when: names of fields, never contents; nobody can alter"
            " it.",
        ),
        Both("按审计保存规定", "as the rules for audit records say"),
    ),
]
NEVER_ASKED = Both(
    "人脸、住址、职业、婚姻、民族、病情、位置、通讯录。挂号用不到，系统也拒绝接收。",
    "Face, address, occupation, marriage, ethnicity, illness, position, contacts. Booking does not"
    " need them and the system refuses them.",
)
RIGHTS = Both(
    "随时移除就诊人、注销登录的设备。查阅、复制、更正或删除资料，或对处理结果有异议，"
    "请到医院门诊服务台或致电医院；带证件当面办理，不收费。",
    "Remove patients and end logins at any time. To see, copy, correct or delete what is held, or"
    " to appeal, ask the hospital's service desk or call it; bring the document; it is free.",
)
