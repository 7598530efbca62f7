"""Why a phone number is not taken: one refusal for each rule; none repeats what was typed."""

from renhao.kernel import Kind, Refused


class PhoneMissing(Refused):
    """Nothing was typed."""

    kind = Kind.INVALID
    code = "phone-missing"
    zh = "请填写手机号，验证码会发到这个号码。"
    en = "Please type a mobile number; the code is sent to it."


class PhoneCharacters(Refused):
    """It holds something other than digits, a leading +, and what separates them."""

    kind = Kind.INVALID
    code = "phone-characters"
    zh = "手机号只能有数字和开头的“+”，请去掉其他字符。"
    en = "A phone number has digits and a leading “+” only. Please leave out other characters."


class PhoneTooShort(Refused):
    """It has fewer digits than any mobile number there."""

    kind = Kind.INVALID
    code = "phone-too-short"
    zh = "手机号位数不够：大陆手机号为 11 位；其他地区的号码请连同“+”和地区代码一起填全。"
    en = (
        "The number is too short. Mobile numbers of the mainland have 11 digits; "
        "please type others in full, with “+” and the country code."
    )


class PhoneTooLong(Refused):
    """It has more digits than any mobile number there."""

    kind = Kind.INVALID
    code = "phone-too-long"
    zh = "手机号位数过多：大陆手机号为 11 位，其他地区的号码请以“+”和地区代码开头，请核对后重填。"
    en = (
        "The number is too long. Mobile numbers of the mainland have 11 digits, others begin with "
        "“+” and the country code. Please check and type it again."
    )


class PhoneNeedsCountryCode(Refused):
    """It looks like a number of Hong Kong, Macao or Taiwan typed without its code."""

    kind = Kind.INVALID
    code = "phone-needs-country-code"
    zh = "如果是香港、澳门或台湾的手机号，请在前面加上 +852、+853 或 +886；大陆手机号为 11 位。"
    en = (
        "If this is a mobile number of Hong Kong, Macao or Taiwan, please put +852, +853 or +886 "
        "in front. Mobile numbers of the mainland have 11 digits."
    )


class PhoneCountryCodeUnknown(Refused):
    """No country has that code."""

    kind = Kind.INVALID
    code = "phone-country-code-unknown"
    zh = "没有这个国家或地区代码，请核对“+”后面的数字，例如香港 +852、大陆 +86。"
    en = (
        "No country has this code. Please check the digits after “+”, "
        "such as +852 for Hong Kong or +86 for the mainland."
    )


class PhoneLandline(Refused):
    """A landline or service number, to which no code can be sent."""

    kind = Kind.INVALID
    code = "phone-landline"
    zh = "这是座机或服务号码，收不到短信验证码，请填写手机号；没有手机可到窗口挂号。"
    en = (
        "This is a landline or service number and cannot receive a code. Please type a mobile "
        "number; without one you can book at the window."
    )


class PhoneNotMobile(Refused):
    """Eleven digits of the mainland that begin as no mobile number does."""

    kind = Kind.INVALID
    code = "phone-not-mobile"
    zh = "大陆手机号的前两位应为 13 到 19，请核对后重填。"
    en = "Mobile numbers of the mainland begin with 13 to 19. Please check and type it again."
