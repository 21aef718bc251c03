"""The one path of every change: preview, ask, look again, run, report, exit code."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from numctl.changes.change import Change, exit_code, unsent
from numctl.changes.consequences import takes_away
from numctl.changes.looking import early_refused
from numctl.changes.perform import Performer
from numctl.changes.recorder import JournalRecorder, NoRecorder, check_writable, open_recorder, record_settled
from numctl.changes.run import Run
from numctl.changes.second_look import look_again
from numctl.changes.vanished import Vanished
from numctl.cli.connection import Connection
from numctl.cli.messages import on_terminal, say
from numctl.cli.options import Changing
from numctl.cli.order import Order
from numctl.cli.preview import plan_lines
from numctl.cli.progress import Progress
from numctl.cli.prompts import confirm, confirm_by_typing
from numctl.cli.report import conclude, report
from numctl.cli.session import Session, connect
from numctl.cli.signals import Held, held
from numctl.completion import cache, runs
from numctl.errors import ExitCode, OutcomeUnknown
from numctl.model.outcome import Outcome
from numctl.wording import counted, shell_line

if TYPE_CHECKING:
    from numctl.output import Output


_DOING = {"buy": "Buying", "release": "Releasing", "transfer": "Moving"}
_NOTHING = {"apply": "the sheet has no rows", "undo": "the run changed nothing"}


def connect_to_change(connection: Connection, changing: Changing, output: Output) -> Session:
    """The session of a verb that changes numbers.

    Raises AuthError if there are no credentials, or if NUMCTL_MAX is not a number.
    """
    changing.check_size(0, os.environ)
    shows_plan = (_is_text(output) or output.quiet) if changing.dry_run else not _is_silent(changing, output)
    return connect(connection, concurrency=changing.concurrency, shows_plan=shows_plan)


def _is_text(output: Output) -> bool:
    """Whether a dry run writes its plan as text: not if keys or fields were asked for."""
    return output.kind == "table" and not output.quiet and output.fields is None


def _is_silent(changing: Changing, output: Output) -> bool:
    """Whether the plan is neither confirmed nor read."""
    return changing.yes and output.quiet


def carry_out(session: Session, order: Order) -> ExitCode:
    """Show the plan, ask, look again, run it, write the results, and return the exit code."""
    order = replace(order, changes=early_refused(order.changes, session.looks))
    todo = [change for change in order.changes if change.settled is None]
    order.changing.check_size(len(todo), os.environ)
    if not order.changes:
        return _nothing_to_do(order)
    if order.changing.dry_run:
        return _rehearse(session, order, todo)
    if not todo:
        return _settle(session, order)
    if session.keeps_history():
        check_writable(session.history_path)
    if not _is_silent(order.changing, order.output):
        _say_plan(session, order)
    if not order.changing.yes and _question(session, order, todo):
        order = replace(order, changes=look_again(order.changes, session.looks))
        if all(change.settled for change in order.changes):
            return _settle(session, order)
    return _execute(session, order)


def _say_plan(session: Session, order: Order) -> None:
    say(*plan_lines(session, order, folded=on_terminal()))


def _nothing_to_do(order: Order) -> ExitCode:
    from numctl.output.results import write_results

    why = _NOTHING.get(order.verb, "no NUMBER on standard input" if order.stdin_taken else "")
    say(f"numctl: nothing to do{why and f': {why}'}")
    write_results([], order.output)
    return ExitCode.OK


def _settle(session: Session, order: Order) -> ExitCode:
    """Write the results of changes that need no request; an undo is still recorded, so that it counts as done."""
    from numctl.output.results import write_results

    results = [unsent(change, Outcome.UNCHANGED) for change in order.changes]
    run_id = None
    if order.undoes:
        recorder = _opened(session, order)
        run_id = recorder.written_id
        recorder.close()
        runs.note(session.in_sandbox, run_id, order.verb, len(results))
    write_results(results, order.output, session.reach.line, run_id)
    code = conclude(results, session.reach.line)
    for line in order.closing(results, None) if order.undoes and order.closing else []:
        say(line)
    return code


def _rehearse(session: Session, order: Order, todo: Sequence[Change]) -> ExitCode:
    """Write the plan as the result (with -q, the numbers that would change), and change nothing."""
    from numctl.output.results import write_results
    from numctl.text.stdout import Out, write_lines

    results = [unsent(change, Outcome.PLANNED) for change in order.changes]
    if _is_text(order.output):
        write_lines([*plan_lines(session, order, folded=Out.standard().terminal), "Dry run: nothing was changed."])
    elif order.output.quiet:
        _say_plan(session, order)
        say("Dry run: nothing was changed.")
        write_results([result for result in results if result.outcome is Outcome.PLANNED], order.output)
    else:
        write_results(results, order.output, session.reach.line)
    return ExitCode.PENDING if order.changing.exit_code and todo else exit_code(results)


def _question(session: Session, order: Order, todo: Sequence[Change]) -> bool:
    """Ask once for the whole plan, and return whether a question was needed; raises Cancelled without a yes."""
    how = {"no_input": session.connection.no_input, "stdin_taken": order.stdin_taken}
    if order.verb == "release":
        typed = todo[0].phone_number if len(todo) == 1 else str(len(todo))
        what = "the number" if len(todo) == 1 else f"their count ({typed})"
        confirm_by_typing(f"Type {what} to release {_plural(todo)}:", typed, **how)
    elif order.verb != "set" or order.stdin_taken or order.several or len(order.changes) > 1 or takes_away(todo[0]):
        confirm(order.question or f"{_verbs(todo)} {_plural(todo)}?", **how)
    else:
        return False
    return True


def _verbs(todo: Sequence[Change]) -> str:
    """The verb of a change: a transfer to the account that already has the number only changes it."""
    return " or ".join(dict.fromkeys(change.operation.verb for change in todo)).capitalize()


def _plural(changes: Sequence[Change]) -> str:
    return changes[0].phone_number if len(changes) == 1 else counted(len(changes), "number")


def _execute(session: Session, order: Order) -> ExitCode:
    """Run the changes, and report all of them, whatever ends the run."""
    with held() as signals:
        recorder = _opened(session, order)
        stop = session.parent.transport.stop
        gone = Vanished(session.parent, recorder, session.looks.accounts, lambda: signals.count > 0)
        perform = Performer(session.parent, recorder, session.clock, stop, gone)
        run = Run(order.changes, perform, order.changing.concurrency, stop, lambda: signals.count)
        _follow(run, order, gone, signals)
        results = gone.final(run.results)
        with _accounted_for(signals):
            if not run.is_over:
                recorder.interrupt()
            recorder.close()
            cache.amend(session.credentials, results)
            runs.note(session.in_sandbox, recorder.written_id, order.verb, len(results))
        return report(session, results, order, recorder, signals, gone.notes)


def _opened(session: Session, order: Order) -> JournalRecorder | NoRecorder:
    """The recorder of a run. An undo also records what needs no request: that counts as put back."""
    from numctl.history.journal import RunInfo

    info = RunInfo(
        profile=session.credentials.where,
        account_sid=_account_of(session, order.changes),
        verb=order.verb,
        command=_command_line(),
        undoes=order.undoes,
    )
    recorder = (
        open_recorder(session.history_path, info, os.environ, session.reach.line)
        if session.keeps_history()
        else NoRecorder()
    )
    if order.undoes:
        record_settled(recorder, order.changes)
    return recorder


def _account_of(session: Session, changes: Sequence[Change]) -> str:
    """The account to record a run for: the one that it changes, or the credentials' own if it changes several."""
    touched = [change for change in changes if change.settled is None] or changes
    accounts = {change.account_sid for change in touched}
    return accounts.pop() if len(accounts) == 1 else session.parent.account_sid


def _command_line() -> str:
    """The command as it was typed, for the history; a URL with a password in it is left out."""
    import sys

    return shell_line(["numctl", *sys.argv[1:]])


def _follow(run: Run, order: Order, gone: Vanished, signals: Held) -> None:
    """Follow a run to its end, then look for numbers that were gone; a signal ends it early.

    What is under way then gets a few seconds to end.
    """
    with Progress(len(order.changes), _DOING.get(order.verb, "Changing")) as progress:
        with _accounted_for(signals):
            for result in run:
                progress.advance(failed=result.outcome.is_failure)
            if run.is_over:
                gone.settle()
        if not run.is_over:
            with signals.aside():
                progress.note("numctl: stopping; waiting for what is under way")
            run.halt()


@contextmanager
def _accounted_for(signals: Held) -> Iterator[None]:
    """Report what was done before raising what went wrong, signals included."""
    try:
        yield
    except Exception as failure:
        reason = f"something unexpected happened after changes were sent: {type(failure).__name__}: {failure}"
        signals.first = signals.first or OutcomeUnknown(
            reason, hint="this is a bug in numctl; what was done is said above"
        )
    except BaseException as failure:
        signals.first = signals.first or failure
