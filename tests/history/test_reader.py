"""What is read back: runs, changes, what can be undone, what is pruned."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numctl.errors import ExitCode, NotFound, Refused, UsageError
from numctl.history.journal import Journal, RunInfo
from numctl.history.pruning import count_older, prune
from numctl.history.reader import OF_ACCOUNT, RUNS, History, parse_since, run_outcome
from tests.examples import fewer_examples

ACCOUNT, OTHER, THIRD = ("AC" + digit * 32 for digit in "123")
NOON = datetime(2024, 5, 31, 12, tzinfo=UTC)


class Machine:
    """A history that is written a minute a moment, from noon on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        ticks = count()
        self.journal = Journal.open(path, now=lambda: NOON + timedelta(minutes=next(ticks)))

    def run(self, *outcomes: str | None, undoes: str | None = None, account: str = ACCOUNT, **given: Any) -> str:
        """Write a run with one change an outcome, None for a change without an end; return its ID."""
        run_id = self.journal.start(RunInfo("work", account, "set", "numctl set", undoes, "ada", "desk"))
        for step, outcome in enumerate(outcomes):
            self.change(run_id, outcome, **{"number": step, "account": account, **given})
        return run_id

    def change(
        self,
        run_id: str,
        outcome: str | None,
        *,
        number: int = 0,
        account: str = ACCOUNT,
        wanted: dict[str, Any] | None = None,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
    ) -> None:
        entry = self.journal.begin(
            run_id,
            phone_number=f"+1415555{number:04}",
            sid=f"PN{number:032x}",
            account_sid=account,
            operation="set",
            before=before,
            wanted=wanted or {},
        )
        if outcome:
            self.journal.end(entry, outcome=outcome, after=after)

    def history(self) -> History:
        return History.open(self.path)

    def ids(self, **filters: Any) -> list[str]:
        with self.history() as history:
            return [run["id"] for run in history.runs(**filters)]

    def undone_by(self) -> dict[str, str | None]:
        with self.history() as history:
            return {run["id"]: run["undone_by"] for run in history.runs()}

    def undoable(self, account: str = ACCOUNT) -> str | None:
        with self.history() as history:
            run = history.last_undoable(account)
            return run["id"] if run else None


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    machine = Machine(tmp_path / "history.sqlite3")
    yield machine
    machine.journal.close()


def test_no_history_is_empty_and_reading_makes_none(tmp_path: Path) -> None:
    path = tmp_path / "state" / "history.sqlite3"
    with History.open(path) as history:
        assert list(history.runs()) == []
        assert history.last_undoable(ACCOUNT) is None
        assert list(history.left_by_us("PN1")) == []
        assert history.recent_purchases(ACCOUNT, "415", NOON) == []
        with pytest.raises(NotFound):
            list(history.changes("5x"))
    assert prune(path, 0) == 0
    assert list(tmp_path.iterdir()) == []


def test_runs_come_newest_first_and_in_the_promised_keys(machine: Machine) -> None:
    ids = [machine.run("changed"), machine.run("changed", "failed"), machine.run(None)]
    with machine.history() as history:
        found = list(history.runs())
    assert [(run["id"], run["outcome"], run["numbers"]) for run in found] == [
        (ids[2], "unknown", 1),
        (ids[1], "partial", 2),
        (ids[0], "changed", 1),
    ]
    keys = "id time user host profile account_sid verb command outcome numbers undoes undone_by"
    assert [list(run) for run in found] == [keys.split()] * 3


def test_a_number_that_a_run_changed_twice_counts_once(machine: Machine) -> None:
    run_id = machine.run("released")
    machine.change(run_id, "bought")
    with machine.history() as history:
        assert history.find_run(run_id)["numbers"] == 1


@pytest.mark.parametrize(
    ("outcomes", "word"),
    [
        ({"changed"}, "changed"),
        ({"bought", "unchanged"}, "bought"),
        ({"unchanged"}, "unchanged"),
        ({"changed", "transferred"}, "changed"),
        ({"changed", "failed"}, "partial"),
        ({"released", "skipped", "unchanged"}, "partial"),
        ({"failed", "unchanged"}, "failed"),
        ({"skipped"}, "skipped"),
        ({"failed", "skipped"}, "failed"),
        ({"changed", "failed", "unknown"}, "unknown"),
    ],
)
def test_one_word_for_a_run(outcomes: set[str], word: str) -> None:
    assert run_outcome(set(outcomes)) == word


def test_filters_by_number_or_sid_time_account_and_limit(machine: Machine) -> None:
    first = machine.run("changed")
    second = machine.run("changed", "changed")
    third = machine.run("changed", account=OTHER, number=7)
    assert machine.ids(number="+14155550001") == [second]
    assert machine.ids(number="PN" + "0" * 31 + "7") == [third]
    assert machine.ids(number="+1415555") == []
    assert machine.ids(number="+14155550000", limit=1) == [second]
    assert machine.ids(account_sid=OTHER) == [third]
    assert machine.ids(limit=0) == []
    with machine.history() as history:
        since = datetime.fromisoformat(history.find_run(second)["time"])
    assert machine.ids(since=since) == [third, second]
    assert machine.ids(since=since + timedelta(milliseconds=1)) == [third]
    assert machine.ids() == [third, second, first]


def test_changes_come_in_the_order_begun_and_in_the_promised_keys(machine: Machine) -> None:
    run_id = machine.run("changed", None, after={"friendly_name": "é"})
    machine.run("changed")
    with machine.history() as history:
        found = list(history.changes(run_id.upper()))
    assert [(c["phone_number"], c["outcome"], c["after"]) for c in found] == [
        ("+14155550000", "changed", {"friendly_name": "é"}),
        ("+14155550001", "unknown", None),
    ]
    keys = "phone_number sid operation before wanted after outcome error started ended account_sid"
    assert [list(change) for change in found] == [keys.split()] * 2


def test_only_an_exact_id_finds_a_run(machine: Machine) -> None:
    run_id = machine.run("changed")
    with machine.history() as history:
        assert history.find_run(run_id)["id"] == run_id
        for wrong in (run_id[:-1], run_id + "0", "%", "\udcff"):
            with pytest.raises(NotFound) as missing:
                history.find_run(wrong)
            assert missing.value.exit_code == ExitCode.NOT_FOUND
            assert missing.value.message == f"there is no run {wrong} in this machine's history"
        with pytest.raises(UsageError, match=r"^the run's ID is empty$"):
            history.find_run("")


def test_the_newest_run_that_changed_something_is_undone_first(machine: Machine) -> None:
    assert machine.undoable() is None
    first = machine.run("changed")
    machine.run("changed", account=OTHER)
    machine.run("failed", "skipped", "unchanged")
    assert machine.undoable() == first
    second = machine.run("failed", None)
    assert machine.undoable() == second


def test_an_undo_is_passed_over_with_what_it_undid(machine: Machine) -> None:
    first, second = machine.run("changed"), machine.run("changed")
    undo = machine.run("changed", undoes=second)
    assert machine.undone_by() == {first: None, second: undo, undo: None}
    assert machine.undoable() == first


def test_an_undo_that_changed_nothing_undid_nothing(machine: Machine) -> None:
    run_id = machine.run("changed")
    undo = machine.run("failed", "skipped", undoes=run_id)
    assert machine.undone_by() == {run_id: None, undo: None}
    assert machine.undoable() == run_id


def test_a_run_whose_undo_was_undone_is_in_force_again(machine: Machine) -> None:
    run_id = machine.run("changed")
    undo = machine.run("changed", undoes=run_id)
    redo = machine.run("changed", undoes=undo)
    assert machine.undone_by() == {run_id: None, undo: redo, redo: None}
    assert machine.undoable() == run_id
    again = machine.run("changed", undoes=run_id)
    assert machine.undone_by() == {run_id: again, undo: redo, redo: None, again: None}
    assert machine.undoable() is None


def test_a_run_is_undone_when_the_last_of_its_numbers_is_put_back(machine: Machine) -> None:
    machine.run("changed")
    run_id = machine.run("changed", None, "changed", "failed")
    first = machine.run("changed", "failed", None, undoes=run_id)
    assert machine.undone_by()[run_id] is None
    second = machine.run("unchanged", "unchanged", undoes=run_id)
    assert (machine.undone_by()[run_id], machine.undoable()) == (None, run_id)
    third = machine.run("skipped", "skipped", "changed", undoes=run_id)
    assert machine.undone_by() | {run_id: None} == dict.fromkeys(machine.ids())
    assert machine.undone_by()[run_id] == third > second > first


def test_what_needed_nothing_is_put_back(machine: Machine) -> None:
    first, run_id = machine.run("changed"), machine.run(None, None)
    undo = machine.run("unchanged", "unchanged", undoes=run_id)
    assert (machine.undone_by()[run_id], machine.undoable()) == (undo, first)


def test_an_undo_that_was_undone_in_part_counts_for_the_rest(machine: Machine) -> None:
    run_id = machine.run("changed", "changed")
    undo = machine.run("changed", "changed", undoes=run_id)
    machine.run("changed", "failed", undoes=undo)
    assert (machine.undone_by()[run_id], machine.undone_by()[undo]) == (None, None)
    again = machine.run("changed", undoes=run_id)
    assert machine.undone_by()[run_id] == again


def test_an_undo_that_found_another_ones_work_falls_with_it(machine: Machine) -> None:
    run_id = machine.run("changed", "changed")
    first = machine.run("changed", "failed", undoes=run_id)
    second = machine.run("unchanged", "changed", undoes=run_id)
    assert machine.undone_by()[run_id] == second
    machine.run("changed", undoes=first)
    assert (machine.undone_by()[run_id], machine.undoable()) == (None, run_id)


def test_what_an_unknown_undo_put_back_is_taken_back_with_it(machine: Machine) -> None:
    run_id = machine.run("changed")
    lost = machine.run(None, undoes=run_id)
    undo = machine.run("changed", undoes=run_id)
    assert machine.undone_by()[run_id] == undo
    machine.run("changed", undoes=lost)
    assert (machine.undone_by()[run_id], machine.undoable()) == (None, run_id)


HOLDS = ("changed", "unchanged")
STEPS = st.tuples(st.integers(0, 6), st.lists(st.sampled_from(["changed", "unchanged", "failed", None]), max_size=2))


def by_the_diary(steps: list[tuple[int, list[str | None]]]) -> list[int | None]:
    """Of each run the undo by which it is undone, from what each undo did as it was done."""
    undoes: list[int | None] = []
    put_back: list[dict[int, int]] = []
    for step, (target, outcomes) in enumerate(steps):
        undoes.append(target if target < step else None)
        put_back.append({})
        for number, outcome in enumerate(outcomes):
            run, at, back = step, undoes[step], True
            while outcome in HOLDS and at is not None:
                if back:
                    put_back[at][number] = run
                else:
                    put_back[at].pop(number, None)
                run, at, back = at, undoes[at], not back
    changed = [{n for n, outcome in enumerate(outcomes) if outcome in ("changed", None)} for _, outcomes in steps]
    return [
        max(back.values()) if back and one <= set(back) else None for back, one in zip(put_back, changed, strict=True)
    ]


def possible(steps: list[tuple[int, list[str | None]]]) -> list[tuple[int, list[str | None]]]:
    """The steps with nothing undone where the run that is undone did nothing."""
    kept: list[tuple[int, list[str | None]]] = []
    for target, outcomes in steps:
        done = [outcome in ("changed", None) for outcome in kept[target][1]] if target < len(kept) else [True, True]
        given = [
            outcome if did else "failed" for outcome, did in zip(outcomes or ["changed"], [*done, False], strict=False)
        ]
        kept.append((target, given))
    return kept


@fewer_examples(2)
@given(st.lists(STEPS, max_size=9).map(possible))
def test_what_is_undone_is_what_the_undos_did_one_after_the_other(steps: list[tuple[int, list[str | None]]]) -> None:
    with TemporaryDirectory() as folder:
        machine = Machine(Path(folder) / "history.sqlite3")
        ids: list[str] = []
        for step, (target, outcomes) in enumerate(steps):
            ids.append(machine.run(*outcomes, undoes=ids[target] if target < step else None))
        found = machine.undone_by()
        machine.journal.close()
    assert [found[one] for one in ids] == [None if by is None else ids[by] for by in by_the_diary(steps)]


def test_a_long_row_of_undos_of_undos_is_listed_in_one_pass(machine: Machine) -> None:
    last = machine.run("changed")
    for _ in range(1200):  # as many steps as a call for each would not get through
        last = machine.run("changed", undoes=last)
    undone = machine.undone_by()
    assert [undone[run_id] is None for run_id in machine.ids()] == [True, False] * 600 + [True]


def test_a_run_is_found_by_each_account_of_which_it_changed_a_number(machine: Machine) -> None:
    run_id = machine.run("changed")
    machine.change(run_id, "changed", number=1, account=OTHER)
    machine.change(run_id, "failed", number=2, account=THIRD)
    assert [machine.undoable(account) for account in (ACCOUNT, OTHER, THIRD)] == [run_id, run_id, None]
    newer = machine.run("changed", account=OTHER)
    assert [machine.undoable(account) for account in (ACCOUNT, OTHER)] == [run_id, newer]


def test_a_look_for_an_accounts_runs_reads_the_changes_of_a_run_once(machine: Machine) -> None:
    with machine.history() as history:
        asked = "EXPLAIN QUERY PLAN " + RUNS.format(where=OF_ACCOUNT)
        steps = [step[-1] for step in history._connection.execute(asked, [ACCOUNT, ACCOUNT, -1])]
    assert "SEARCH own USING INDEX changes_run (run=?)" in steps
    assert not any("ORDER BY" in step or "GROUP BY" in step for step in steps)


def test_left_by_us_has_before_and_after_of_each_successful_change_newest_first(machine: Machine) -> None:
    machine.run("bought", after={"date_updated": "Mon"})
    machine.run("changed", before={"date_updated": "Mon"}, after={"date_updated": "Tue"})
    machine.run("failed", before={"date_updated": "Tue"}, after={"date_updated": "Tue"})
    machine.run(None, before={"date_updated": "Tue"})
    machine.run("transferred", account=OTHER, before={"date_updated": "Wed"}, after={"date_updated": "Thu"})
    with machine.history() as history:
        sid = "PN" + "0" * 32
        left = [(entry["before"], entry["after"]) for entry in history.left_by_us(sid)]
        dates = [((before or {}).get("date_updated"), after["date_updated"]) for before, after in left]
        assert dates == [("Wed", "Thu"), ("Mon", "Tue"), (None, "Mon")]
        assert list(history.left_by_us(sid[:-1] + "1")) == []


def test_recent_has_changes_that_were_or_may_have_been_made_newest_first(machine: Machine) -> None:
    machine.run("changed", "changed", after={"name": "old"})
    machine.run("changed", "released", None, "unknown", "failed", "unchanged", after={"name": "new"})
    with machine.history() as history:
        (latest,) = (
            change["ended"] for change in history.recent([f"PN{1:032x}"], NOON) if change["after"]["name"] == "new"
        )
        since = datetime.fromisoformat(latest) - timedelta(minutes=2)
        refs = [f"PN{0:032X}", "+14155550001", *(f"PN{number:032x}" for number in range(2, 6)), "+1"]
        found = [(change["phone_number"], change["outcome"]) for change in history.recent(refs, since)]
        assert found == [
            ("+14155550003", "unknown"),
            ("+14155550002", "unknown"),
            ("+14155550001", "released"),
            ("+14155550000", "changed"),
        ]
        assert history.recent([], since) == []
        assert len(history.recent(refs, NOON)) == 6


def test_recent_changes_are_found_by_the_indexes(machine: Machine) -> None:
    asked: list[str] = []
    with machine.history() as history:
        history._connection.set_trace_callback(asked.append)
        history.recent(["+14155550001"], NOON)
        history._connection.set_trace_callback(None)
        steps = [step[-1] for step in history._connection.execute(f"EXPLAIN QUERY PLAN {asked[0]}")]
    assert {"SEARCH changes USING INDEX changes_sid (sid=?)"} <= set(steps)
    assert {"SEARCH changes USING INDEX changes_phone_number (phone_number=?)"} <= set(steps)
    assert not any(step.startswith("SCAN changes") for step in steps)


def test_purchases_by_account_area_code_and_time(machine: Machine) -> None:
    wanted = {"area_code": "415"}
    machine.run("bought", wanted=wanted)
    machine.run("bought", "failed", None, wanted=wanted)
    machine.run("bought", wanted={"area_code": "628"}, number=7)
    machine.run("bought", wanted=wanted, account=OTHER, number=8)
    machine.run("changed", number=9)
    with machine.history() as history:
        found = history.recent_purchases(ACCOUNT, "415", NOON)
        assert [change["phone_number"] for change in found] == [
            "+14155550002",
            "+14155550000",
            "+14155550000",
        ]
        recent = datetime.fromisoformat(found[1]["started"])
        assert history.recent_purchases(ACCOUNT, "415", recent) == found[:2]
        assert history.recent_purchases(ACCOUNT, "999", NOON) == []


def test_runs_stream_while_the_journal_goes_on(machine: Machine) -> None:
    ids = [machine.run("changed") for _ in range(5)]
    with machine.history() as history:
        stream = history.runs()
        assert next(stream)["id"] == ids[-1]
        machine.run("changed")
        assert [run["id"] for run in stream] == ids[-2::-1]


def test_listing_runs_sorts_nothing(machine: Machine) -> None:
    with machine.history() as history:
        plan = list(history._connection.execute("EXPLAIN QUERY PLAN " + RUNS.format(where="1"), [-1]))
    steps = [step[-1] for step in plan]
    assert steps[:2] == ["SCAN runs", "SEARCH changes USING INDEX changes_run (run=?)"]
    assert not any("ORDER BY" in step or "GROUP BY" in step for step in steps)


def test_a_value_that_was_tampered_with_is_an_error_with_the_files_name(machine: Machine) -> None:
    run_id = machine.run("changed")
    other = sqlite3.connect(machine.path)
    other.execute("UPDATE changes SET wanted = '{'")
    other.commit()
    other.close()
    with machine.history() as history, pytest.raises(Refused) as refused:
        list(history.changes(run_id))
    assert refused.value.message == f"{machine.path}: the history cannot be used: it is damaged"


def test_a_run_that_was_interrupted_is_called_so_whatever_its_outcomes(machine: Machine) -> None:
    runs = [machine.run("changed", "unknown"), machine.run("changed"), machine.run("failed")]
    for run_id in runs:
        machine.journal.interrupt(run_id)
    machine.journal.interrupt(machine.journal.start(RunInfo("work", ACCOUNT, "set", "numctl set")))  # nothing was begun
    with machine.history() as history:
        assert [run["outcome"] for run in history.runs()] == ["interrupted"] * 3
    assert machine.undoable() == runs[1]


def test_pruned_runs_are_gone_from_the_file_itself(machine: Machine) -> None:
    old = machine.run(*["changed"] * 30, after={"friendly_name": "Ada Lovelace " * 400})
    young = machine.run("changed", after={"friendly_name": "Grace Hopper"})
    with machine.history() as history:
        end = datetime.fromisoformat(history.find_run(young)["time"])
    machine.journal.close()
    assert count_older(machine.path, 1, now=end + timedelta(days=1)) == 1
    assert prune(machine.path, 1, now=end + timedelta(days=1)) == 1
    assert machine.ids() == [young]
    with machine.history() as history:
        assert [change["after"] for change in history.changes(young)] == [{"friendly_name": "Grace Hopper"}]
    left = b"".join(file.read_bytes() for file in machine.path.parent.iterdir())
    assert (b"Ada Lovelace" in left, old.encode() in left, b"Grace Hopper" in left) == (False, False, True)


def test_nothing_is_pruned_while_another_has_it_open(machine: Machine) -> None:
    machine.run("changed")
    with pytest.raises(Refused) as refused:
        prune(machine.path, 0, patience=0.05)
    assert refused.value.message == f"{machine.path}: the history cannot be used: another program is using it"
    assert len(machine.ids()) == 1


def test_the_history_goes_on_after_a_prune(machine: Machine) -> None:
    machine.run("changed")
    machine.journal.close()
    assert prune(machine.path, 0, now=NOON + timedelta(days=1)) == 1
    assert prune(machine.path, 0) == 0
    again = Machine(machine.path)
    run_id = again.run("changed")
    again.journal.close()
    assert again.ids() == [run_id]


def test_prune_takes_a_number_of_days_that_makes_sense(machine: Machine) -> None:
    machine.run("changed")
    machine.journal.close()
    with pytest.raises(UsageError):
        prune(machine.path, -1)
    assert (count_older(machine.path, 10**12), prune(machine.path, 10**12)) == (0, 0)
    assert len(machine.ids()) == 1


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("7d", "2024-05-24T12:00:00+00:00"),
        ("0d", "2024-05-31T12:00:00+00:00"),
        ("12h", "2024-05-31T00:00:00+00:00"),
        ("2w", "2024-05-17T12:00:00+00:00"),
        ("2024-02-29", "2024-02-29T00:00:00+00:00"),
        ("2024-05-31T08:30", "2024-05-31T08:30:00+00:00"),
        ("2024-05-31T08:30:01.250Z", "2024-05-31T08:30:01.250000+00:00"),
    ],
)
def test_since_is_an_age_or_a_time_in_utc(text: str, moment: str) -> None:
    assert parse_since(text, NOON).isoformat() == moment


NONSENSE = [
    "",
    "7",
    "d",
    "-7d",
    "7 d",
    "7d\n",
    "1.5d",
    "\u0667d",
    "\uff17d",
    "999999w",
    "2024-02-30",
    "2024-5-1",
    "\uff12024-05-31",
]


@pytest.mark.parametrize("text", [*NONSENSE, "2024-05-31T25:00", "yesterday", "0000-01-01", "9999999d"])
def test_since_refuses_nonsense(text: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_since(text, NOON)
    assert error.value.exit_code == ExitCode.USAGE
    assert error.value.hint == "write 2024-05-31, or 7d for seven days"
