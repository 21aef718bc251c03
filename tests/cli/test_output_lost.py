"""Standard output that cannot be written hides nothing: what was bought stands on standard error, and the exit is 8."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import COMMAND
from tests.cli.served import ended, holding, run, start
from tests.wire.service import Service

NUMBER, TAKEN = "+14155550123", "+14155550124"
FORMS = ["--json", "--csv", "--output=jsonl", "--output=xlsx", "--output=table", "-q"]

posix = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")


@pytest.fixture
def service() -> Iterator[Service]:
    with holding() as service:
        service.state.not_for_sale.add(TAKEN)
        yield service


def closed() -> dict[str, Any]:
    """How a process is started with `>&-`."""
    return {"stdout": None, "preexec_fn": lambda: os.close(1)}


def check(service: Service, code: int, err: str, why: str) -> None:
    """Check that one purchase was made, that its number and outcome are said, and why the output was lost."""
    assert (code, service.state.purchases, service.count("POST")) == (8, [NUMBER], 1)
    assert f"numctl: {why}; this is what was done:\n  {NUMBER}: bought\n" in err
    assert f"purchases can't be undone; to release: numctl release {NUMBER}\n" in err
    assert "Traceback" not in err


@posix
@pytest.mark.parametrize("form", FORMS)
def test_a_purchase_is_told_when_the_disk_is_full(service: Service, form: str) -> None:
    with open("/dev/full", "wb") as full:
        found = run(service, "buy", NUMBER, "--yes", form, stdout=full)
    check(service, found.code, found.err, "standard output could not be written: No space left on device")


@posix
@pytest.mark.parametrize("form", ["--json", "--output=table"])
def test_a_purchase_is_told_when_standard_output_is_closed(service: Service, form: str) -> None:
    found = run(service, "buy", NUMBER, "--yes", form, **closed())
    check(service, found.code, found.err, "standard output is closed")


@posix
def test_each_outcome_is_told_when_some_failed_and_the_exit_is_still_unknown(service: Service) -> None:
    with open("/dev/full", "wb") as full:
        found = run(service, "buy", NUMBER, TAKEN, "--yes", "--json", stdout=full)
    assert (found.code, service.state.purchases) == (8, [NUMBER])
    assert f"this is what was done:\n  {NUMBER}: bought\n  {TAKEN}: failed\n" in found.err


@posix
def test_with_nowhere_to_say_it_the_exit_code_says_it(service: Service) -> None:
    nowhere = {"stderr": None, "preexec_fn": lambda: os.closerange(1, 3)}
    found = run(service, "buy", NUMBER, "--yes", **(closed() | nowhere))
    assert (found.code, service.state.purchases) == (8, [NUMBER])


CRASHING = """
import runpy, sys
import numctl.output.results
def write_results(*_): raise RuntimeError("nobody foresaw this")
numctl.output.results.write_results = write_results
sys.argv[0] = "numctl"
runpy.run_module("numctl", run_name="__main__")
"""


def test_a_purchase_is_told_when_writing_it_fails_in_a_way_that_nobody_foresaw(service: Service) -> None:
    found = run(service, "buy", NUMBER, "--yes", command=[COMMAND[0], "-c", CRASHING])
    check(service, found.code, found.err, "nobody foresaw this")


def test_a_reader_that_has_gone_is_no_error_and_gets_no_noise(service: Service) -> None:
    process = start(service, "buy", NUMBER, "--yes", "--json")
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    found = ended(process)
    assert (found.code, service.state.purchases) == (0, [NUMBER])
    assert f"purchases can't be undone; to release: numctl release {NUMBER}\n" in found.err
    assert not [word for word in ("Traceback", "Broken pipe", "BrokenPipe", "what was done") if word in found.err]


@posix
@pytest.mark.parametrize("form", ["--json", "--csv", "--output=table", "-q"])
def test_a_list_that_only_its_first_line_is_wanted_of_is_quiet(home: Path, form: str) -> None:
    with holding(*(f"+1415{5550000 + index}" for index in range(900))) as service:
        process = start(service, "list", form, "--page-size", "100")
        assert process.stdout is not None
        assert process.stdout.readline()
        process.stdout.close()
        process.stdout = None
        found = ended(process)
    assert (found.code, found.err) == (0, "")


@posix
def test_a_list_that_cannot_be_written_is_an_error(service: Service) -> None:
    with open("/dev/full", "wb") as full:
        found = run(service, "list", stdout=full)
    assert (found.code, found.err) == (1, "numctl: standard output could not be written: No space left on device\n")


@posix
def test_on_json_the_last_line_of_standard_error_says_that_the_results_were_lost(service: Service) -> None:
    with open("/dev/full", "wb") as full:
        found = run(service, "buy", NUMBER, "--yes", "--json", stdout=full)
    *said, last = found.err.splitlines()
    assert (found.code, service.state.purchases) == (8, [NUMBER])
    assert f"  {NUMBER}: bought" in said
    assert json.loads(last)["error"] == {
        "exit_code": 8,
        "message": "standard output could not be written; what was done is said above, on standard error",
        "hint": None,
        "status": None,
        "code": None,
        "more_info": None,
    }


@posix
@pytest.mark.parametrize("words", ["", "--version", "--help", "list --help", "help list", "completion bash"])
def test_a_help_or_a_completion_that_cannot_be_written_is_an_error(service: Service, words: str) -> None:
    with open("/dev/full", "wb") as full:
        found = run(service, *words.split(), stdout=full)
    assert (found.code, found.err) == (1, "numctl: standard output could not be written: No space left on device\n")
