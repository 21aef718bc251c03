"""Rows that a failure cuts short: standard error says that they are not all, and how many were written."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest

from numctl.cli.pages import write_pages, write_rows
from numctl.errors import Refused
from numctl.output import Output, Row, Shape, columns_of, open_writer
from numctl.text.stdout import Out, OutputFailed, ReaderGone
from tests.cli.served import holding, run
from tests.wire import faults
from tests.wire.reply import problem
from tests.wire.service import ACCOUNT, OTHER_ACCOUNT, Service

FIRST, SECOND, THIRD = "+14155550123", "+14155550124", "+14155550125"
FINE = faults.altered("none", lambda body: body)
DENIED = faults.status(401, body=problem(401, 20003, "Authenticate").body)
SAID = "numctl: the output is incomplete: {} written\n"


@pytest.fixture
def service() -> Iterator[Service]:
    with holding(FIRST, SECOND, THIRD) as service:
        yield service


@pytest.mark.parametrize(
    ("form", "rows", "out"),
    [
        ("-q", "2 rows were", f"{FIRST}\n{SECOND}\n"),
        ("--csv", "2 rows were", f"phone_number\n{FIRST}\n{SECOND}\n"),
        ("--output=table", "2 rows were", f"phone_number\n{FIRST}\n{SECOND}\n"),
        ("--output=jsonl", "2 rows were", f'{{"phone_number":"{FIRST}"}}\n{{"phone_number":"{SECOND}"}}\n'),
        ("--json", "2 rows were", f'[\n{{"phone_number":"{FIRST}"}},\n{{"phone_number":"{SECOND}"}}'),
        ("--output=xlsx", "0 rows were", ""),
    ],
)
def test_a_list_whose_second_page_is_refused_says_what_there_is_of_it(
    service: Service, form: str, rows: str, out: str
) -> None:
    service.fail(FINE, on="GET", times=1).fail(DENIED, on="GET", times=1)
    fields = () if form == "-q" else ("--fields", "phone_number")
    found = run(service, "list", form, "--page-size", "2", *fields)
    assert (found.code, found.out) == (3, out)
    assert found.err.startswith(SAID.format(rows))
    *_, last = found.err.removeprefix(SAID.format(rows)).splitlines()
    if "json" in form:
        assert json.loads(last)["error"]["code"] == 20003
    else:
        assert "Authenticate" in found.err


def test_rows_that_a_filter_left_out_are_not_counted_and_one_row_is_not_rows(service: Service) -> None:
    service.fail(FINE, on="GET", times=1).fail(DENIED, on="GET", times=1)
    found = run(service, "list", "-q", "--page-size", "2", "--where", f"phone_number={SECOND}")
    assert (found.code, found.out) == (3, f"{SECOND}\n")
    assert found.err.startswith(SAID.format("1 row was"))


def test_a_list_of_which_nothing_came_is_just_an_error(service: Service) -> None:
    service.fail(DENIED, on="GET", times=1)
    found = run(service, "list", "--csv")
    assert (found.code, found.out, "incomplete" in found.err) == (3, "", False)


def test_an_account_that_cannot_be_read_leaves_a_list_incomplete(service: Service) -> None:
    service.state.accounts[OTHER_ACCOUNT] = {"sid": OTHER_ACCOUNT, "friendly_name": "Branch", "status": "active"}
    service.state.accounts.setdefault(ACCOUNT, {}).update(sid=ACCOUNT, friendly_name="Main", status="active")
    for _ in range(2):  # the accounts, and the numbers of the first
        service.fail(FINE, on="GET", times=1)
    service.fail(DENIED, on="GET", times=1)
    found = run(service, "list", "-q", "--all-accounts")
    assert (found.code, found.out) == (6, f"{FIRST}\n{SECOND}\n{THIRD}\n")
    assert found.err.startswith(f"numctl: {OTHER_ACCOUNT} could not be read (in full): ")
    assert found.err.endswith(SAID.format("3 rows were"))


SHAPE = Shape("rows", "name", columns_of(["name"]))


def broken(rows: int, failure: BaseException) -> Iterator[Row]:
    yield from ({"name": str(number)} for number in range(rows))
    raise failure


@pytest.mark.parametrize("failure", [Refused("the history is damaged"), KeyboardInterrupt(), MemoryError()])
def test_rows_that_come_one_by_one_are_counted_by_what_was_written(
    failure: BaseException, capsys: pytest.CaptureFixture[str]
) -> None:
    stream = io.BytesIO()
    out = Out(stream)
    with pytest.raises(type(failure)):
        write_rows(open_writer(Output(quiet=True), SHAPE, out), broken(700, failure), out)
    assert len(stream.getvalue().splitlines()) == 500
    assert capsys.readouterr().err == SAID.format("500 rows were")


class Filling(io.BytesIO):
    """A disk that is full after one write."""

    def write(self, content: object) -> int:
        if self.tell():
            raise OSError(28, "No space left on device")
        return super().write(content)  # type: ignore[arg-type]  # what a stream is given


def test_a_disk_that_fills_up_leaves_at_least_the_pages_that_were_written(capsys: pytest.CaptureFixture[str]) -> None:
    out = Out(Filling())
    pages = [[{"name": "1"}, {"name": "2"}], [{"name": "3"}]]
    with pytest.raises(OutputFailed):
        write_pages(open_writer(Output("csv"), SHAPE, out), pages, out)
    assert capsys.readouterr().err == SAID.format("at least 2 rows were")


def test_a_reader_that_has_gone_is_told_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    def pages() -> Iterator[list[Row]]:
        yield [{"name": "1"}]
        raise ReaderGone

    out = Out(io.BytesIO())
    with pytest.raises(ReaderGone):
        write_pages(open_writer(Output("csv"), SHAPE, out), pages(), out)
    assert capsys.readouterr().err == ""
