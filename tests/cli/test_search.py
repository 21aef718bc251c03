"""search: what is said where nothing fits, and where an option does not."""

from __future__ import annotations

import pytest

from tests.cli.program import SANDBOX_LINE, numctl, sandbox

NOTHING = ("search", "US", "--area-code", "415", "--in-locality", "Oakland")
MORE_INFO = "https://www.twilio.com/docs/errors/20404"
HEADER = "phone_number\tlocality\tregion\tcapabilities\taddress_requirements\n"


@pytest.mark.parametrize(
    ("output", "out"), [("--json", "[]\n"), ("--output=jsonl", ""), ("-q", ""), ("--output=table", HEADER)]
)
def test_nothing_found_is_a_success_that_suggests_nothing_to_a_program(output: str, out: str) -> None:
    found = sandbox(*NOTHING, output)
    assert (found.code, found.out, found.err) == (0, out, SANDBOX_LINE)


NORTH_AMERICAN = {
    "--area-code": "415",
    "--near-number": "+14155550100",
    "--near-lat-long": "37.84,-122.45",
    "--in-postal-code": "94102",
    "--in-region": "CA",
    "--in-lata": "722",
}
PLACED = {**NORTH_AMERICAN, "--in-locality": "Oakland"}
PLACED.pop("--area-code")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        *(
            (("gb", name, value), f"{name} is only for the US and Canada, not for GB")
            for name, value in NORTH_AMERICAN.items()
        ),
        *(
            (("CA", "--type", "toll-free", name, value), f"{name}: a toll-free number belongs to no place")
            for name, value in PLACED.items()
        ),
        (("--distance", "5"), "--distance goes with --near-number or --near-lat-long"),
        (("--in-rate-center", "OKLD MN-PD"), "--in-rate-center goes with --in-lata"),
        (
            ("--near-lat-long", "north"),
            "--near-lat-long 'north': it is LAT,LONG in degrees, such as 37.84,-122.45",
        ),
        (("--contains", ""), "--contains is empty: leave it out to search without it"),
        (("--in-locality", ""), "--in-locality is empty: leave it out to search without it"),
    ],
)
def test_an_option_that_does_not_fit_is_said_before_anything_is_sent(words: tuple[str, ...], message: str) -> None:
    # Without credentials a request would end with exit 3.
    refused = numctl("search", *words)
    assert (refused.code, refused.out, refused.err) == (2, "", f"numctl: {message}\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("IE", "--type", "mobile"),
            "numctl: IE has no mobile numbers for sale\n  there are --type local\n",
        ),
        (
            ("US", "--type", "machine-to-machine"),
            "numctl: US has no machine-to-machine numbers for sale\n  there are --type local, --type toll-free\n",
        ),
        (
            ("ZZ",),
            "numctl: ZZ has no local numbers for sale\n"
            "  numctl search --countries lists where numbers are sold, and of which types\n",
        ),
    ],
)
def test_a_country_that_does_not_sell_a_type_is_told_with_the_types_that_it_does(
    words: tuple[str, ...], said: str
) -> None:
    found = sandbox("search", *words)
    assert (found.code, found.out, found.said) == (4, "", f"{said}  {MORE_INFO}\n")


def test_countries_are_listed_with_the_types_that_they_sell() -> None:
    listed = sandbox("search", "--countries", "--csv")
    assert (listed.code, listed.err) == (0, SANDBOX_LINE)
    header, *rows = listed.out.splitlines()
    assert header == "country_code,country,beta,types"
    assert rows[0] == "US,United States,false,local toll-free"
    assert [row[:2] for row in rows] == ["US", "CA", "GB", "IE", "DE", "FR", "SE"]


def test_coordinates_are_plain_numbers_in_csv_and_in_json_as_they_arrived() -> None:
    words = ("search", "US", "--contains", "5105550100", "--fields", "phone_number,latitude,longitude")
    assert sandbox(*words, "--csv").out == "phone_number,latitude,longitude\n+15105550100,37.8044,-122.2712\n"
    (found,) = sandbox(*words, "--json").json
    assert found == {"phone_number": "+15105550100", "latitude": "37.804400", "longitude": "-122.271200"}


@pytest.mark.parametrize(
    ("words", "name"),
    [(("search", "UK"), "COUNTRY"), (("list", "--country", "UK"), "--country"), (("list", "--country", "uk"), "")],
    ids=" ".join,
)
def test_the_united_kingdom_is_told_its_code(words: tuple[str, ...], name: str) -> None:
    refused = sandbox(*words)
    said = f"{words[-1]!r} is not the ISO 3166-1 code of the United Kingdom, which is GB"
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.splitlines()[0] == f"numctl: invalid value for '{name or '--country'}': {said}"


@pytest.mark.parametrize(
    "words",
    [
        ("US",),
        ("--type", "mobile"),
        ("--limit", "3"),
        ("--page-size", "50"),
        ("--area-code", "415"),
        ("--contains", ""),
        ("--no-beta",),
        ("--exclude-all-address-required",),
    ],
    ids=" ".join,
)
def test_the_list_of_countries_takes_nothing_that_it_would_ignore(words: tuple[str, ...]) -> None:
    refused = numctl("search", "--countries", *words)
    said = "numctl: --countries lists all of them: leave out COUNTRY, types, limits and filters\n"
    assert (refused.code, refused.out, refused.err) == (2, "", said)


def test_without_a_country_the_us_is_searched() -> None:
    found = sandbox("search", "--area-code", "415", "--limit", "3", "--json")
    assert found.err == sandbox("search", "US", "--area-code", "415", "--limit", "3", "--json").err
    assert (found.code, [row["iso_country"] for row in found.json]) == (0, ["US"] * 3)


@pytest.mark.parametrize("name", ["--number", "--friendly-name"])
def test_an_empty_filter_of_list_is_not_the_whole_account(name: str) -> None:
    listed = numctl("list", name, "", "-q")
    said = f"numctl: {name} is empty: leave it out to list without it\n"
    assert (listed.code, listed.out, listed.err) == (2, "", said)


def test_a_part_longer_than_any_number_is_refused_before_anything_is_sent() -> None:
    found = sandbox("list", "--number", "1" * 120_000)
    assert (found.code, found.out) == (2, "")
    assert found.err == f"numctl: --number '{'1' * 40}…{'1' * 39}': no number is as long as that\n"
