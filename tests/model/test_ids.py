"""What numctl takes for a number, a SID, a URL and their kin, and how it says no."""

from __future__ import annotations

import re
import string
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from numctl.errors import ExitCode
from numctl.model import ids
from numctl.model.ids import Invalid, check_e164, check_number_ref, check_url
from numctl.wording import quoted

E164_EXPECTED = " is not an E.164 number: a +, a country code and at most 15 digits, such as +14155550100"
URL_EXPECTED = " is not an absolute http or https URL, such as https://example.com/voice"
SEPARATING = " ().-/\u00a0\u2007\u2009\u202f\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
OTHER_DIGITS = "٠١٢٣٤٥٦٧٨٩" + "０１２３４５６７８９" + "०१२३४५६७८९" + "۰۱۲۳۴۵۶۷۸۹" + "²³¹"

e164 = st.from_regex(r"\+[1-9][0-9]{1,14}", fullmatch=True)


def refusal(check: Any, text: str) -> str:
    with pytest.raises(Invalid) as caught:
        check(text)
    assert caught.value.exit_code == ExitCode.USAGE
    return caught.value.message


@given(e164)
def test_a_number_in_e164_is_taken_as_it_is(number: str) -> None:
    assert check_e164(number) == number


@given(e164, st.data())
def test_separators_that_people_paste_are_taken_out(number: str, data: st.DataObject) -> None:
    pieces = [digit + data.draw(st.text(SEPARATING, max_size=2)) for digit in number]
    text = "".join(pieces)
    assume(not re.search(r"\(\s*0\s*\)", text))
    assert check_e164(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "+1 415-555-2344",
        "+1 (415) 555-2344",
        " +1.415.555.2344 ",
        "+1\u00a0415/5552344",
        "+1 415\u2011555\u20112344",
        "\u00a0+1\u202f415\u2009555\u2010234\u20124",
        "+1 415\u2013555\u20142344",
        "+1 415\u2212555\uff0d2344",
    ],
)
def test_the_common_ways_of_writing_one_number_are_the_same_number(text: str) -> None:
    assert check_e164(text) == "+14155552344"


@given(e164, st.data())
def test_no_digit_of_another_script_counts(number: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(1, len(number) - 1))
    text = number[:place] + data.draw(st.sampled_from(OTHER_DIGITS)) + number[place + 1 :]
    assert refusal(check_e164, text) == repr(text) + E164_EXPECTED


@pytest.mark.parametrize("end", ["\n", "\r\n", "\t", "\x00", "\u2028"])
def test_nothing_but_separators_may_follow_a_number(end: str) -> None:
    assert refusal(check_e164, f"+14155550100{end}") == repr(f"+14155550100{end}") + E164_EXPECTED


@pytest.mark.parametrize(
    "text",
    ["", "+", "++14155550100", "+04155550100", "+1234567890123456", "+1415555010x", "1+4155550100", "4155*", "+1415*"],
)
def test_what_is_not_a_number_is_named(text: str) -> None:
    assert refusal(check_e164, text) == repr(text) + E164_EXPECTED


@pytest.mark.parametrize(
    "text", ["4155550100", "415-555-0100", "(415) 555-0100", " 415.555.0100", "415\u2011555\u20110100"]
)
def test_ten_digits_of_north_america_get_a_suggestion(text: str) -> None:
    assert refusal(check_e164, text) == f"{text!r} has no leading +: did you mean +14155550100?"


@pytest.mark.parametrize(
    "text",
    [
        "14155550100",
        "447700900123",
        "0415550100",
        "1155550100",
        "4151550100",
        "41555501000",
        "9115550100",
        "4159110100",
    ],
)
def test_no_other_number_is_guessed(text: str) -> None:
    assert refusal(check_e164, text) == repr(text) + E164_EXPECTED


@pytest.mark.parametrize(
    "text", ["+44 (0)7700 900123", "+44(0)7700900123", "+44 (0) 7700 900123", "+44\u00a0( 0 )7700\u2011900123"]
)
def test_a_trunk_prefix_in_brackets_is_dropped(text: str) -> None:
    assert check_e164(text) == "+447700900123"


@given(st.sampled_from(["+33", "+44", "+49", "+358"]), st.text(string.digits, min_size=4, max_size=11))
def test_a_trunk_prefix_is_dropped_after_any_country_code_and_nothing_else_is(code: str, rest: str) -> None:
    assert check_e164(f"{code} (0) {rest}") == code + rest


@pytest.mark.parametrize(
    "text",
    [
        "+1 (0)415 555 0100",
        "+39 (0)6 698 12345",
        "+49 30 1234 (0)",
        "+49 (0)30 1234(0)",
        "+(0)49 30 1234",
        "(0)+49301234",
        "+4930 (0)1234",
    ],
)
def test_a_zero_in_brackets_elsewhere_could_mean_anything_and_is_refused(text: str) -> None:
    assert refusal(check_e164, text) == repr(text) + E164_EXPECTED


@given(st.text())
@example("+1 415 555 0100\n")
def test_whatever_comes_in_a_number_comes_out_or_a_refusal_does(text: str) -> None:
    try:
        found = check_e164(text)
    except Invalid:
        return
    digits = found.removeprefix("+")
    assert found == f"+{digits}"
    assert set(digits) <= set(string.digits)
    assert digits[0] != "0"
    assert 2 <= len(digits) <= 15
    kept = re.sub(r"^(.*?\d)\s*\(\s*0\s*\)", r"\1", text, count=1)
    assert [sign for sign in kept if sign in string.digits] == list(digits)


SID_TYPES = {
    "AccountSid": "AC",
    "KeySid": "SK",
    "AddressSid": "AD",
    "ApplicationSid": "AP",
    "BundleSid": "BU",
    "IdentitySid": "RI",
    "TrunkSid": "TK",
}
MAY_BE_SECRETS = ("AccountSid", "KeySid")
"""Options of login: what stands there by mistake is not repeated."""


@pytest.mark.parametrize(("name", "prefix"), SID_TYPES.items())
def test_each_kind_of_sid_is_its_prefix_and_32_hexadecimal_digits(name: str, prefix: str) -> None:
    adapter: TypeAdapter[str] = TypeAdapter(getattr(ids, name))
    good = prefix + "0123456789abcdefABCDEF0123456789"
    assert adapter.validate_python(good) == good
    for bad in (good[:-1], good + "0", good + "\n", "XX" + good[2:], good[:-1] + "g", good[:-1] + "٣", prefix.lower()):
        with pytest.raises(ValidationError) as caught:
            adapter.validate_python(bad)
        what = "the value" if name in MAY_BE_SECRETS else repr(bad)
        expected = f"{what} is not a valid SID: {prefix} and 32 hexadecimal digits"
        assert [error["msg"] for error in caught.value.errors()] == [expected]


def test_a_reference_is_a_number_or_a_sid() -> None:
    sid = "PN" + "0" * 32
    assert [check_number_ref(text) for text in (sid, "+1 415 555 0100")] == [sid, "+14155550100"]


@pytest.mark.parametrize("text", ["PN123", "PN" + "0" * 32 + "\n", "PN" + "0" * 31 + "g", "PN"])
def test_half_a_sid_is_not_taken_for_a_number(text: str) -> None:
    assert refusal(check_number_ref, text) == f"{text!r} is not a number's SID: PN and 32 hexadecimal digits"


@pytest.mark.parametrize("text", ["+1415555*", "Front desk", "415555", "AC" + "0" * 32, "-"])
def test_a_reference_is_never_a_prefix_a_pattern_or_a_name(text: str) -> None:
    assert refusal(check_number_ref, text) == repr(text) + E164_EXPECTED


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "http://example.com:8080/voice?a=b&c=%20#top",
        "HTTPS://EXAMPLE.COM/Voice",
        "https://[2001:db8::1]/voice",
        "https://[2001:db8::1]:8443/voice",
        "https://192.0.2.7/voice",
        "https://münchen.example/grüße",
        "https://xn--mnchen-3ya.example/",
        "https://example.com?to=someone@example.com",
        "https://example.com/@someone",
        "https://example.com:/",
        "https://a_b.example.com/x;y=(1)!$'*,~",
        "https://bücher.example",
        "https://例え。テスト/",
        "https://\u0646\u0627\u0645\u0647\u200c\u0627\u06cc.example/",
        "https://example.com./",
        "https://[::ffff:192.0.2.7]/",
        f"https://{'a' * 63}.example/",
        f"https://{'a.' * 126}a/",
        "https://example.com/-/..",
        "https://ada:hush@example.com/voice",
        "https://ada:h%40u:s!h$&'()*+,;=~@example.com:8443/",
        "https://token@example.com/",
        "HTTPS://ada:schlüssel@[2001:db8::1]/",
        "https://ada:@example.com",
    ],
)
def test_an_absolute_url_is_taken_as_it_is(url: str) -> None:
    assert check_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com/voice",
        "/voice",
        "//example.com/voice",
        "ftp://example.com/voice",
        "javascript:alert(1)",
        "https:example.com",
        "https:///voice",
        "https://:443/voice",
        "https://example.com/a b",
        "https://exam ple.com/",
        " https://example.com/",
        "https://example.com/\n",
        "https://example.com\n",
        "https://example.com/\x00",
        "https://example.com/\x7f",
        "https://example.com/\x9b31m",
        "https://example.com/\udcff",
        "https://example.com\\voice",
        "https://example.com/<voice>",
        "https://example.com/{id}",
        "https://example.com:0/",
        "https://example.com:65536/",
        "https://example.com:port/",
        "https://example.com:+80/",
        "https://example.com:８０/",
        "https://one:two:80/",
        "https://[2001:db8::1/voice",
        "https://[2001:db8::1]voice/",
        "https://host[2001:db8::1]/",
        "https://[nothing]/",
        "https://2001:db8::1/",
        "httpſ://example.com/",
        "https://example℀.com/",
        "https://.",
        "https://./",
        "https://../",
        "https://-/",
        "https://-a.example/",
        "https://a-.example/",
        "https://a..b/",
        "https://.example.com/",
        "https://example.com../",
        "https://例え。。テスト/",
        f"https://{'a' * 64}.example/",
        f"https://{'a.' * 126}aa/",
        "https://１９２.0.2.7/",
        "https://ｅxample.com/",
        "https://bu\u0308cher.example/",
        "https://exam\u00adple.com/",
        "https://exam\u200bple.com/",
        "https://exam\u202eple.com/",
        "https://example.com/\u202egpj.exe",
        "https://example.com/\u2066a\u2069",
        "https://example.com/\u200fa",
        "https://example.com/\u061c",
        "https://example.com/?\x85",
    ],
)
def test_what_is_not_an_absolute_http_url_is_named(url: str) -> None:
    assert refusal(check_url, url) == quoted(url) + URL_EXPECTED


@pytest.mark.parametrize(
    "url",
    [
        "HTTPS://a:hu sh@b/",
        "https://ada:hu@sh@example.com/",
        "https://ada:hu/sh@example.com/",
        "https://ada:hush@/",
        "https://@example.com/",
        "ada:hush@example.com/voice",
        "//ada:hush@example.com/voice",
        "ftp://ada:hush@example.com/voice",
        "https://ada:hu\\sh@example.com/",
    ],
)
def test_a_url_that_may_hold_a_password_is_not_repeated(url: str) -> None:
    assert refusal(check_url, url) == (
        "the URL is not an absolute http or https URL, such as https://example.com/voice; it is not repeated here "
        "because it may hold a password (write @ in it as %40 and / as %2F)"
    )


@pytest.mark.parametrize("url", ["https://ada:•••@example.com/", "https://•••@example.com", "https://example.com/•••"])
def test_a_mask_in_a_url_is_refused(url: str) -> None:
    message = "the URL contains •••, which numctl shows in place of a password: write the password itself"
    assert refusal(check_url, url) == message


@given(st.text() | st.text("htps:/[]@.-?#%20\n\\é１\u202e。").map("https://".__add__))
def test_whatever_url_is_taken_is_one_line_of_sendable_text_with_a_host(text: str) -> None:
    from urllib.parse import urlsplit

    try:
        found = check_url(text)
    except Invalid:
        return
    assert found == text
    assert text.encode().decode().split() == [text]
    assert urlsplit(text).scheme in ("http", "https")
    assert urlsplit(text).hostname
    labels = str(urlsplit(text).hostname).removesuffix(".").removesuffix("。").replace("。", ".").split(".")
    assert all(label and not label.startswith("-") and not label.endswith("-") for label in labels)
    assert not {"１", "\u202e"} & set(str(urlsplit(text).hostname))


def test_a_friendly_name_has_at_most_64_characters_of_any_script() -> None:
    assert ids.check_friendly_name("é" * 64) == "é" * 64
    assert refusal(ids.check_friendly_name, "x" * 65) == (
        f"{'x' * 65!r} has 65 characters; a friendly name has at most 64"
    )


def test_a_friendly_name_that_cannot_be_sent_is_refused() -> None:
    assert refusal(ids.check_friendly_name, "caf\udce9") == r"'caf\udce9' is not valid UTF-8 text"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("Method", "post", "POST"),
        ("Method", "Get", "GET"),
        ("ReceiveMode", "FAX", "fax"),
        ("EmergencyStatus", "ACTIVE", "Active"),
        ("Capability", "SMS", "sms"),
        ("ApiVersion", "2010-04-01", "2010-04-01"),
        ("AreaCode", "415", "415"),
        ("Country", "de", "DE"),
        ("E164", "+1 415 555 0100", "+14155550100"),
    ],
)
def test_a_choice_is_taken_whatever_its_case_and_sent_as_documented(name: str, text: str, value: str) -> None:
    assert TypeAdapter(getattr(ids, name)).validate_python(text) == value


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("Method", "PUT", "'PUT' is not one of GET, POST"),
        ("Method", "", "'' is not one of GET, POST"),
        ("ReceiveMode", "voice\n", "'voice\\n' is not one of voice, fax"),
        ("EmergencyStatus", "on", "'on' is not one of Active, Inactive"),
        ("ApiVersion", "２０１０-04-01", "'２０１０-04-01' is not an API version, such as 2010-04-01"),
        ("ApiVersion", "2010-99-99", "'2010-99-99' is not an API version, such as 2010-04-01"),
        ("ApiVersion", "2010-02-30", "'2010-02-30' is not an API version, such as 2010-04-01"),
        ("ApiVersion", "20100401", "'20100401' is not an API version, such as 2010-04-01"),
        ("AreaCode", "115", "'115' is not an area code of the US or Canada: three digits, such as 415"),
        ("AreaCode", "٤١٥", "'٤١٥' is not an area code of the US or Canada: three digits, such as 415"),
        ("Country", "DEU", "'DEU' is not an ISO 3166-1 country code of two letters, such as US"),
        ("Url", "{why}", "'{why}'" + URL_EXPECTED),
        ("Url", "", "the value is empty; to clear a setting, name it: numctl set --clear FIELD"),
        ("TrunkSid", "", "the value is empty; to clear a setting, name it: numctl set --clear FIELD"),
    ],
)
def test_pydantic_shows_the_checks_own_words(name: str, text: str, message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(getattr(ids, name)).validate_python(text)
    assert [error["msg"] for error in caught.value.errors()] == [message]
