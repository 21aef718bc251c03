"""The audit: what each rule finds, what it leaves alone, and how findings are chosen and streamed."""

from __future__ import annotations

import itertools
import shlex
import tracemalloc
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from numctl.audit import rules as rules
from numctl.audit.rules import RULES, SEVERITIES
from numctl.cli.reach import Reach
from numctl.errors import Line, UsageError
from numctl.model.number import Record
from numctl.model.settings import SETTINGS, parse

ACCOUNT, OTHER = "AC" + "a" * 32, "AC" + "b" * 32
NUMBER = "+14155550100"
TRUNK, APPLICATION = "TK" + "1" * 32, "AP" + "2" * 32
ADDRESS, BUNDLE = "AD" + "3" * 32, "BU" + "4" * 32
MINE = "https://voice.acme-telefon.dev/answer"
IN_FORCE = Reach((), ACCOUNT).line
KEYS = ["rule", "severity", "phone_number", "sid", "account_sid", "field", "message", "command"]


def audit(records: Iterable[Record], *, line: Line = IN_FORCE, **choice: Any) -> Iterator[dict[str, Any]]:
    return (finding.as_json(line) for finding in rules.audit(records, **choice))


def record(**changes: Any) -> Record:
    """A number with which nothing is wrong, changed."""
    return {
        "phone_number": NUMBER,
        "sid": "PN" + "5" * 32,
        "account_sid": ACCOUNT,
        "friendly_name": "Front desk",
        "capabilities": {"voice": True, "sms": True, "mms": True, "fax": False},
        "voice_url": MINE,
        "sms_url": "https://sms.acme-telefon.dev/",
        "address_requirements": "none",
        "emergency_status": "Inactive",
        "origin": "twilio",
        "beta": False,
    } | changes


def found(*records: Record, **choice: Any) -> list[tuple[str, str, str | None]]:
    return [(one["rule"], one["field"], one["command"]) for one in audit(records, **choice)]


def mend(*options: str) -> str:
    return f"numctl set {NUMBER} {' '.join(options)}"


def test_a_number_with_nothing_wrong_has_no_finding() -> None:
    assert list(audit([record()])) == []


def test_a_finding_has_the_promised_keys_in_order() -> None:
    (finding,) = audit([record(voice_url=None, sms_url="https://sms.acme-telefon.dev/")])
    assert list(finding) == KEYS
    assert finding == {
        "rule": "calls-unanswered",
        "severity": "warning",
        "phone_number": NUMBER,
        "sid": "PN" + "5" * 32,
        "account_sid": ACCOUNT,
        "field": "voice_url",
        "message": "no webhook, application or trunk handles calls (the number may still place calls)",
        "command": mend("--voice-url", "URL"),
    }


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"sms_url": ""}, [("messages-unanswered", "sms_url", mend("--sms-url URL"))]),
        (
            {"trunk_sid": TRUNK, "voice_fallback_url": "http://localhost/"},
            [
                ("ignored-setting", "voice_url", mend("--clear voice_url")),
                ("ignored-setting", "voice_fallback_url", mend("--clear voice_fallback_url")),
            ],
        ),
        ({"sms_application_sid": APPLICATION}, [("ignored-setting", "sms_url", mend("--clear sms_url"))]),
        (
            {"voice_url": None, "voice_fallback_url": MINE},
            [
                ("fallback-without-primary", "voice_fallback_url", mend("--voice-url URL")),
                ("calls-unanswered", "voice_url", mend("--voice-url URL")),
            ],
        ),
        (
            {"sms_url": None, "sms_fallback_url": MINE},
            [
                ("fallback-without-primary", "sms_fallback_url", mend("--sms-url URL")),
                ("messages-unanswered", "sms_url", mend("--sms-url URL")),
            ],
        ),
        (
            {"voice_url": "http://voice.acme-telefon.dev/?a=1&b=2"},
            [("plain-http", "voice_url", mend("--voice-url 'https://voice.acme-telefon.dev/?a=1&b=2'"))],
        ),
        (
            {"status_callback": "http://log.acme-telefon.dev:8080/"},
            [("plain-http", "status_callback", None)],
        ),
        (
            {"voice_url": "https://192.168.0.7/a"},
            [("unreachable-host", "voice_url", mend("--voice-url URL"))],
        ),
        (
            {"status_callback": "https://localhost/"},
            [("unreachable-host", "status_callback", mend("--status-callback URL"))],
        ),
        (
            {"voice_url": "   ", "sms_url": "http://[broken/"},
            [
                ("unusable-url", "voice_url", mend("--voice-url URL")),
                ("unusable-url", "sms_url", mend("--sms-url URL")),
            ],
        ),
        (
            {"voice_url": "http://voice.acme-telefon.dev:080/"},
            [("plain-http", "voice_url", mend("--voice-url https://voice.acme-telefon.dev/"))],
        ),
        ({"voice_url": "https://134744072/"}, []),
        ({"sms_url": "https://example.com/sms"}, [("placeholder-host", "sms_url", mend("--sms-url URL"))]),
        (
            {"voice_url": "https://demo.twilio.com/welcome/voice/"},
            [("demo-url", "voice_url", mend("--voice-url URL"))],
        ),
        (
            {"voice_fallback_url": "https://VOICE.acme-telefon.dev:8443/b"},
            [("fallback-same-host", "voice_fallback_url", mend("--voice-fallback-url URL"))],
        ),
        (
            {"emergency_address_sid": ADDRESS, "emergency_address_status": "registration-failure"},
            [("emergency-address", "emergency_address_sid", mend("--clear emergency_address_sid"))],
        ),
        (
            {"emergency_address_sid": ADDRESS, "emergency_address_status": "pending-registration"},
            [("emergency-address-pending", "emergency_address_sid", None)],
        ),
        (
            {"emergency_address_sid": None, "emergency_status": "Active"},
            [("emergency-address-missing", "emergency_address_sid", mend("--emergency-address-sid ADDRESS_SID"))],
        ),
        (
            {"phone_number": "+447700900123", "bundle_sid": None},
            [("bundle-missing", "bundle_sid", "numctl set +447700900123 --bundle-sid BUNDLE_SID")],
        ),
        (
            {"address_requirements": "local", "bundle_sid": BUNDLE},
            [("address-missing", "address_sid", mend("--address-sid ADDRESS_SID"))],
        ),
        (
            {"address_requirements": "any", "address_sid": ADDRESS},
            [("bundle-missing", "bundle_sid", mend("--bundle-sid BUNDLE_SID"))],
        ),
        ({"origin": "hosted"}, [("hosted-number", "origin", None)]),
        ({"beta": True}, [("beta-number", "beta", None)]),
    ],
)
def test_each_rule_finds_its_mistake_and_no_other(changes: Record, expected: list[tuple[str, str, str | None]]) -> None:
    assert found(record(**changes)) == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"voice_url": None, "trunk_sid": TRUNK},
        {"voice_url": None, "voice_application_sid": APPLICATION},
        {"sms_url": None, "sms_application_sid": APPLICATION},
        {"voice_url": None, "capabilities": {"voice": False, "sms": True}},
        {"sms_url": None, "capabilities": {"voice": True, "SMS": False}},
        {"voice_url": None, "sms_url": None, "capabilities": None},
        {"voice_fallback_url": "https://spare.acme-telefon.dev/"},
        {"trunk_sid": TRUNK, "voice_url": None, "status_callback": MINE},
        {
            "emergency_status": "Active",
            "emergency_address_sid": ADDRESS,
            "emergency_address_status": "registered",
        },
        {"emergency_address_sid": ADDRESS},
        {"emergency_address_sid": None, "emergency_status": "Active", "capabilities": {"voice": False, "sms": True}},
        {"emergency_address_sid": None, "phone_number": "+18335550100"},
        {"emergency_address_sid": None, "phone_number": "+18765550100"},
        {"address_requirements": "foreign", "address_sid": ADDRESS, "bundle_sid": BUNDLE},
        {"address_requirements": "something new", "emergency_status": "Something", "origin": "ported"},
        {"friendly_name": None, "beta": None},
    ],
)
def test_what_can_work_is_left_alone(changes: Record) -> None:
    assert found(record(**changes)) == []


VOICELESS = {"voice": False, "sms": True, "mms": False, "fax": False}
TEXTLESS = {"voice": True, "sms": False, "mms": False, "fax": False}


@pytest.mark.parametrize("url", ["http://voice.acme-telefon.dev/", "https://10.0.0.1/", "https://example.com/"])
@pytest.mark.parametrize(
    ("kind", "capabilities"), [("voice", VOICELESS), ("sms", TEXTLESS), ("sms", {"SMS": False, "MMS": False})]
)
def test_what_nothing_can_call_is_not_spoken_of(kind: str, capabilities: dict[str, bool], url: str) -> None:
    urls = {f"{kind}_url": None, f"{kind}_fallback_url": url}
    assert found(record(**urls, capabilities=capabilities)) == []
    assert found(record(**{f"{kind}_url": url, f"{kind}_fallback_url": url}, capabilities=capabilities)) == []
    assert found(record(**urls))


@pytest.mark.parametrize("capabilities", [{"sms": False, "mms": True}, {"sms": False}, {"voice": True}, None])
def test_what_may_be_called_is_spoken_of(capabilities: dict[str, bool] | None) -> None:
    wrong = record(sms_url="https://example.com/", status_callback="https://example.com/", capabilities=capabilities)
    fields = [one[1] for one in found(wrong, rules=["placeholder-host"])]
    assert fields == ["status_callback", "sms_url"]


def test_a_trunk_makes_the_application_void_and_says_which_answers() -> None:
    (finding,) = audit([record(trunk_sid=TRUNK, voice_application_sid=APPLICATION, voice_url=None)])
    assert finding["field"] == "voice_application_sid"
    assert finding["message"] == f"voice_application_sid is ignored: the trunk {TRUNK} handles calls"


def test_messages_that_a_messaging_service_may_receive_are_information_that_says_so() -> None:
    (finding,) = audit([record(sms_url=None)])
    assert finding["severity"] == "info"
    assert "Messaging Service" in finding["message"]


def numbered(count: int, **changes: Any) -> Iterator[Record]:
    for index in range(count):
        yield record(phone_number=f"+1415{index:07}", sid=f"PN{index:032x}", friendly_name=f"Desk {index}", **changes)


def test_a_second_number_with_the_same_name_is_found_and_names_the_first() -> None:
    first, second, third = itertools.islice(numbered(3), 3)
    second["friendly_name"] = third["friendly_name"] = first["friendly_name"]
    third["account_sid"] = OTHER
    (finding,) = audit([first, second, third])
    assert (finding["rule"], finding["sid"]) == ("duplicate-name", second["sid"])
    assert finding["message"] == f"friendly_name 'Desk 0' is also the name of {first['phone_number']}"
    assert finding["command"] == f"numctl set {second['phone_number']} --friendly-name 'Desk 0 0001'"


def test_no_two_numbers_are_proposed_the_same_name() -> None:
    numbers = ["+14155550100", "+12125550100", "+13105550100", "+13105550199"]
    names = ["Desk", "Desk", "Desk", "Hall 0100"]
    desks = [
        record(phone_number=number, friendly_name=name, sid=f"PN{index:032x}")
        for index, (number, name) in enumerate(zip(numbers, names, strict=True))
    ]
    desks.append(record(phone_number="+12025550100", friendly_name="Hall", sid="PN" + "a" * 32))
    desks.append(record(phone_number="+12035550100", friendly_name="Hall", sid="PN" + "b" * 32))
    proposed = [shlex.split(finding["command"])[-1] for finding in audit(desks, rules=["duplicate-name"])]
    assert proposed == ["Desk 0100", "Desk 5550100", "Hall 5550100"]


@pytest.mark.parametrize(
    ("name", "proposed"),
    [
        ("x" * 64, "x" * 59 + " 0101"),
        ("é" * 58 + " y", "é" * 58 + " 0101"),
        ("Front\n\u202edesk\x07\ud800", "Front desk 0101"),
        ("\x07", "0101"),
        ("-x", "-x 0101"),
    ],
)
def test_the_name_that_is_proposed_may_be_set_as_it_stands(name: str, proposed: str) -> None:
    twins = [record(friendly_name=name), record(friendly_name=name, phone_number="+14155550101", sid="PN" + "6" * 32)]
    (finding,) = audit(twins, rules=["duplicate-name"])
    assert shlex.split(finding["command"])[-2:] == ["--friendly-name", proposed]
    assert parse("friendly_name", proposed) == proposed


def test_a_number_seen_twice_is_no_duplicate_and_audits_are_independent() -> None:
    assert found(record(), record()) == []
    assert found(record()) == found(record(sid="PN" + "6" * 32)) == []


def test_rules_are_chosen_and_skipped_by_id() -> None:
    wrong = record(beta=True, origin="hosted", voice_url=None)
    assert [one[0] for one in found(wrong, rules=["beta-number", "hosted-number"])] == [
        "hosted-number",
        "beta-number",
    ]
    assert [one[0] for one in found(wrong, skip=["calls-unanswered", "beta-number"])] == ["hosted-number"]
    assert found(wrong, rules=["beta-number"], skip=["beta-number"]) == []
    assert found(wrong, rules=[]) == found(wrong)


@pytest.mark.parametrize(
    ("severity", "expected"),
    [
        ("error", {"placeholder-host"}),
        ("warning", {"placeholder-host", "plain-http"}),
        ("info", {"placeholder-host", "plain-http", "beta-number"}),
        (None, {"placeholder-host", "plain-http", "beta-number"}),
    ],
)
def test_a_severity_takes_what_is_worse_too(severity: str | None, expected: set[str]) -> None:
    wrong = record(voice_url="http://example.com/", beta=True)
    assert {one[0] for one in found(wrong, severity=severity)} == expected


@pytest.mark.parametrize("choice", [{"rules": ["beta"]}, {"skip": ["beta"]}])
def test_an_unknown_rule_is_refused_before_anything_is_read(choice: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as caught:
        audit(iter([record()]), **choice)
    assert caught.value.message == "there is no audit rule 'beta': did you mean beta-number?"
    assert caught.value.see == "all rules"


def test_an_unknown_severity_is_refused_and_the_valid_ones_listed() -> None:
    with pytest.raises(UsageError) as caught:
        audit([], severity="fatal")
    assert caught.value.message == "'fatal' is not a severity"
    assert caught.value.hint == "the severities are error, warning, info"


def test_a_severity_that_is_nearly_one_is_suggested() -> None:
    with pytest.raises(UsageError, match=r"^'Eror' is not a severity: did you mean error\?$"):
        audit([], severity="Eror")


def test_every_rule_has_an_id_of_its_own_a_known_severity_and_a_reason() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert {rule.severity for rule in RULES} == set(SEVERITIES)
    assert all(rule.reason.endswith(".") and "\n" not in rule.reason for rule in RULES)


def test_findings_come_as_records_are_read() -> None:
    endless = audit(record(sid=f"PN{index:032x}", beta=True) for index in itertools.count())
    assert next(endless)["sid"] == f"PN{0:032x}"


def test_a_command_names_the_account_only_where_another_is_in_force() -> None:
    wrong = record(voice_url=None)
    assert found(wrong) == [("calls-unanswered", "voice_url", mend("--voice-url URL"))]
    assert found(wrong, line=Reach((), OTHER).line)[0][2] == mend(f"--voice-url URL --account {ACCOUNT}")


def test_a_command_names_the_account_where_the_environment_would_lead_elsewhere() -> None:
    line = Reach((), ACCOUNT, names_account=True).line
    assert found(record(voice_url=None), line=line)[0][2] == mend(f"--voice-url URL --account {ACCOUNT}")


def test_a_command_reaches_the_account_as_the_audit_did() -> None:
    line = Reach(("--profile", "the branch"), ACCOUNT).line
    assert found(record(voice_url=None), line=line)[0][2] == mend("--voice-url URL --profile 'the branch'")


def test_a_command_mends_when_it_is_run() -> None:
    (finding,) = audit([record(voice_url="http://voice.acme-telefon.dev/$(reboot)'?x=1")])
    words = shlex.split(str(finding["command"]))
    assert words[:4] == ["numctl", "set", NUMBER, "--voice-url"]
    assert found(record(voice_url=parse("voice_url", words[4]))) == []


def test_every_option_in_a_command_is_one_of_set() -> None:
    wrong = [
        record(voice_url="http://10.0.0.1/", sms_url=None, emergency_address_sid="", address_requirements="any"),
        record(trunk_sid=TRUNK, sms_fallback_url="https://demo.twilio.com/", sms_url="https://demo.twilio.com/x"),
    ]
    commands = [shlex.split(one["command"]) for one in audit(wrong) if one["command"]]
    known = {"--clear"} | {setting.option for setting in SETTINGS.values()}
    assert len(commands) > 8
    assert {word for words in commands for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize("number", [None, "", "+1415\n555", "anything; reboot"])
def test_a_record_that_does_not_say_which_number_it_is_gets_no_command(number: str | None) -> None:
    (finding,) = audit([record(phone_number=number, sid=None, voice_url=None)])
    assert (finding["phone_number"], finding["command"]) == (number, None)


def test_an_ordinary_number_that_is_born_active_is_no_error() -> None:
    ordinary = {"emergency_status": "Active", "emergency_address_sid": None}
    born = record(**ordinary, emergency_address_status="unregistered")
    assert list(audit([born], severity="warning")) == []


def test_a_message_is_one_line_whatever_the_service_says() -> None:
    hostile = record(
        trunk_sid="TK\nx\x1b[31m\u2028y",
        emergency_status="Active",
        emergency_address_sid="x",
        emergency_address_status="a\r\nb",
    )
    messages = [
        one["message"] for one in audit([hostile, hostile | {"sid": "PN" + "7" * 32, "friendly_name": "Front\ndesk"}])
    ]
    assert messages
    assert all(len(message.splitlines()) == 1 and "\x1b" not in message for message in messages)


def test_a_record_of_another_shape_is_not_the_end() -> None:
    odd: Record = {
        "voice_url": 7,
        "capabilities": "all",
        "address_requirements": ["any"],
        "friendly_name": 3,
        "sid": None,
    }
    assert [one["rule"] for one in audit([odd, {}])] == []


def test_memory_for_a_hundred_thousand_numbers_is_that_of_their_names() -> None:
    tracemalloc.start()
    count = sum(1 for _ in audit(numbered(100_000), rules=["duplicate-name"]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 0
    assert peak < 60_000_000
