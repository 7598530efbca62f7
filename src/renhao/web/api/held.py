"""The facts behind "what is held and why", in both languages (PIPL Articles 6 and 17)."""

from dataclasses import dataclass

from renhao.privacy import ACCOUNT_TRACES_KEPT, MESSAGES_KEPT, REQUESTS_KEPT
from renhao.web.api.sentences import Both


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that is held, why, how long, and in which tables."""

    what: Both
    why: Both
    kept: Both
    tables: tuple[str, ...]


FACES = Both(
    "我们从不采集您的人脸。系统里没有存放人脸、指纹、声纹的地方。",
    "We never ask for your face. There is no place in the system for faces, fingerprints or"
    " voice prints.",
)
_WHILE_ACCOUNT = Both("账号存在期间", "while the account exists")
_WHILE_PATIENT = Both("本人还有预约记录期间", "while there are appointments of the person")
_TRACES = ACCOUNT_TRACES_KEPT.days
HELD = [
    Held(
        Both("手机号", "phone number"),
        Both("用来登录和通知就诊。加密保存。", "To log in and to tell of visits. Encrypted."),
        _WHILE_ACCOUNT,
        ("account", "phone_index"),
    ),
    Held(
        Both("短信的语言、最近使用的时间", "language of messages, time of last use"),
        Both(
            "用您选的语言通知；号码久未使用后换了主人时，旧资料不给新主人看。",
            "To write in the language you chose, and to keep what is old from the next holder of a"
            " number that came back.",
        ),
        _WHILE_ACCOUNT,
        ("account",),
    ),
    Held(
        Both("验证码的摘要", "digest of the one-time code"),
        Both("用来核对验证码。", "To check the code."),
        Both(f"失效后 {_TRACES} 天", f"{_TRACES} days after it runs out"),
        ("login_code",),
    ),
    Held(
        Both("登录的设备名称和时间", "name of the device and time of each login"),
        Both("让您能看到并注销。", "So that you can see and end logins."),
        Both(f"退出或失效后 {_TRACES} 天", f"{_TRACES} days after it ends"),
        ("account_session",),
    ),
    Held(
        Both(
            "按号码、账号和网络计的次数（只存摘要）",
            "counts of tries by number, account and network (digests only)",
        ),
        Both(
            "防止有人猜验证码、滥发短信、试探别人的资料。",
            "To stop guessing of codes, floods of messages and probing for other people.",
        ),
        Both(f"计数开始后约 {_TRACES} 天", f"about {_TRACES} days after counting began"),
        ("rate_count",),
    ),
    Held(
        Both("发给您的通知的记录", "record of messages sent to you"),
        Both(
            "为了发出、重发、不重复发。不存手机号和正文；验证码加密保存，发出即删。",
            "To send, send again and never send twice. No number and no text; a code is encrypted"
            " and wiped once sent.",
        ),
        Both(
            f"发出或放弃后 {MESSAGES_KEPT.days} 天",
            f"{MESSAGES_KEPT.days} days after it was sent or given up",
        ),
        ("outbox",),
    ),
    Held(
        Both("每次预约请求的编号、摘要和结果", "number, digest and outcome of each request"),
        Both(
            "重发同一请求时给同一答复，不会重复挂号。",
            "To answer a repeated request alike, so that nothing is booked twice.",
        ),
        Both(f"{REQUESTS_KEPT.days} 天", f"{REQUESTS_KEPT.days} days"),
        ("request",),
    ),
    Held(
        Both("就诊人的姓名、证件种类、证件号码", "a patient's name, document kind and number"),
        Both(
            "实名挂号的依据：号属于本人，报到时人号对应。加密保存，页面上只显示一部分。",
            "The number belongs to the person: card and person are compared on arrival."
            " Encrypted, and shown in part only.",
        ),
        _WHILE_PATIENT,
        ("patient", "identity", "document_index"),
    ),
    Held(
        Both("核验机构的答复：是或否", "the authority's answer: yes or no"),
        Both(
            "说明姓名和证件号码是否相符。除此之外，机构不告诉我们什么。",
            "Whether name and number belong together. The authority tells nothing else.",
        ),
        _WHILE_PATIENT,
        ("authority_answer",),
    ),
    Held(
        Both("出生日期", "date of birth"),
        Both(
            "只在证件号码里没有时才问，用来判断是否需要监护人。",
            "Asked only when the document number lacks it, to know whether a guardian is needed.",
        ),
        _WHILE_PATIENT,
        ("identity",),
    ),
    Held(
        Both("关系、监护人", "relation, guardian"),
        Both(
            "关系可以不填；未满 14 岁必须有监护人。",
            "The relation is optional; a child under 14 needs a guardian.",
        ),
        _WHILE_ACCOUNT,
        ("patient_link",),
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
        ("appointment", "arrival", "hospital_patient"),
    ),
    Held(
        Both("操作记录", "record of what was done"),
        Both(
            "谁在何时看过或改过，只记项目，不记内容，谁也不能删改。",
            "Who saw or changed what and when: names of fields, never contents; nobody can alter"
            " it.",
        ),
        Both("按审计保存规定", "as the rules for audit records say"),
        ("audit_event",),
    ),
]
OF_STAFF = {"practitioner", "staff", "staff_session", "schedule_import", "suspension"}
"""Tables about people at work, whom the hospital tells itself."""
NOTHING_OF_A_PERSON = {
    *("alembic_version", "vault_check", "document_kind", "department_code"),
    *("hospital", "campus", "department", "visit_kind", "release_rule", "holiday", "limit_rule"),
    *("clinic", "slot", "slot_pool", "arrival_counter"),
}
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
