"""What the API says in its own name, in both languages, where no rule of a domain speaks."""

from dataclasses import dataclass

from renhao.kernel import Kind, Language


@dataclass(frozen=True, slots=True)
class Both:
    """One sentence in each language."""

    zh: str
    en: str

    def to(self, language: Language) -> str:
        """Give it in one language."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Say:
    """A problem of the transport itself."""

    status: int
    code: str
    title: Both
    detail: Both


TITLES = {
    Kind.INVALID: Both("填写的内容不符合规则", "What was sent breaks a rule"),
    Kind.UNAUTHENTICATED: Both("需要登录", "Login is needed"),
    Kind.FORBIDDEN: Both("不允许这样做", "This is not allowed"),
    Kind.NOT_FOUND: Both("没有找到", "There is no such thing"),
    Kind.CONFLICT: Both("目前不能这样做", "This cannot be done now"),
    Kind.LIMITED: Both("次数过多", "Too many tries"),
    Kind.UNAVAILABLE: Both("暂时无法办理", "Not available at the moment"),
}

_ALL = [
    Say(
        400,
        "malformed-request",
        Both("请求格式不对", "The request is malformed"),
        Both(
            "请求与接口说明不符，请对照 /api/v1/openapi.json 修改后再发送。",
            "The request does not fit the description; compare it with /api/v1/openapi.json"
            " and send it again.",
        ),
    ),
    Say(
        401,
        "login-needed",
        TITLES[Kind.UNAUTHENTICATED],
        Both(
            "请先登录，并在 Authorization 头中带上登录所得的令牌。",
            "Log in first and send the token you were given in the Authorization header.",
        ),
    ),
    Say(
        403,
        "not-allowed",
        TITLES[Kind.FORBIDDEN],
        Both(
            "此账号不能这样做，请使用本人的账号或到医院窗口办理。",
            "This account may not do this; use your own account or ask at the hospital's window.",
        ),
    ),
    Say(
        404,
        "not-found",
        TITLES[Kind.NOT_FOUND],
        Both(
            "没有这个地址或内容，请从列表重新选择。",
            "There is nothing at this address; choose again from the list.",
        ),
    ),
    Say(
        405,
        "method-not-allowed",
        Both("不支持的方法", "The method is not allowed"),
        Both(
            "此地址不支持这种请求方法，可用的方法见 Allow 头。",
            "This address does not take that method; the Allow header names those it takes.",
        ),
    ),
    Say(
        413,
        "body-too-large",
        Both("请求内容过大", "The body is too large"),
        Both("请求内容超过 64 KB，请缩短后再发送。", "The body passes 64 KB; send a shorter one."),
    ),
    Say(
        415,
        "media-type-not-supported",
        Both("不支持的内容类型", "The media type is not supported"),
        Both(
            "请求内容须为 JSON，请将 Content-Type 设为 application/json。",
            "The body must be JSON; set Content-Type to application/json.",
        ),
    ),
    Say(
        429,
        "too-many-requests",
        TITLES[Kind.LIMITED],
        Both(
            "请求过于频繁，请稍后再试；如有 Retry-After 头，请按其秒数等待。",
            "Too many requests; try again later, or after the seconds that Retry-After names.",
        ),
    ),
    Say(
        500,
        "internal-error",
        Both("系统出错", "The program failed"),
        Both(
            "系统出错，已记录。请稍后用同一请求编号重试，或到医院窗口办理。",
            "The program failed and it has been logged. Try again later with the same request id,"
            " or ask at the hospital's window.",
        ),
    ),
    Say(
        503,
        "busy",
        TITLES[Kind.UNAVAILABLE],
        Both(
            "系统繁忙，请按 Retry-After 头所示的秒数稍后用同一请求编号重试。",
            "The program is busy; try again with the same request id after the seconds in the"
            " Retry-After header.",
        ),
    ),
]
SENTENCES = {say.status: say for say in _ALL}
