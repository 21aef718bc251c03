"""The one path of every change: preview → ask → run → render → exit code."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from numctl import numbercache
from numctl.cli.asking import confirm, confirm_by_typing
from numctl.cli.options import Changing, Connection
from numctl.cli.preview import plan_lines
from numctl.cli.session import Session, connect
from numctl.cli.stderr import say
from numctl.errors import ExitCode, Line, OutcomeUnknown, UsageError
from numctl.masking import shell_line
from numctl.outcome import Outcome
from numctl.perform import Performer
from numctl.plan import Change, Result, exit_code, takes_away, unsent
from numctl.recorder import JournalRecorder, NoRecorder, open_recorder, record_settled
from numctl.render.text import clean
from numctl.run import Run
from numctl.wording import counted

if TYPE_CHECKING:
    from numctl.cli.progress import Progress
    from numctl.render import Output

Closing = Callable[[Sequence[Result], str | None], list[str]]

NOTHING = {"apply": "the sheet has no rows", "undo": "the run changed nothing"}

FAILURES_TOLD = 20
"""So many failures are told one by one on standard error; the results have them all."""


@dataclass(frozen=True)
class Order:
    """What a verb asks for: its changes, how they are confirmed, and where its NUMBERs came from.

    `several` says that more accounts than one may be meant. `notes` end the plan; `closing` makes of the results and
    the run's ID what is to be said after the run.
    """

    verb: str
    changes: Sequence[Change]
    changing: Changing
    output: Output
    stdin_taken: bool = False
    several: bool = False
    undoes: str | None = None
    question: str = ""
    notes: Sequence[str] = ()
    closing: Closing | None = None


def connect_to_change(connection: Connection, changing: Changing, output: Output) -> Session:
    """Return the session of a verb that changes numbers; raises AuthError where there are no credentials."""
    shows_plan = not changing.dry_run or is_text(output)
    return connect(connection, concurrency=changing.concurrency, shows_plan=shows_plan)


def is_text(output: Output) -> bool:
    """Say whether a dry run writes its plan as text."""
    return output.kind == "table" and not output.quiet


def carry_out(session: Session, order: Order) -> ExitCode:
    """Show the plan, ask, run it, write the results, and return the exit code."""
    todo = [change for change in order.changes if change.settled is None]
    if order.changing.max is not None and len(todo) > order.changing.max:
        plan = counted(len(todo), "change")
        raise UsageError(f"the plan has {plan}, --max allows {order.changing.max}; nothing was sent")
    if not order.changes:
        return nothing_to_do(order)
    if order.changing.dry_run:
        return rehearse(session, order, todo)
    if not todo:
        return settle(session, order)
    say("\n".join(map(clean, [*plan_lines(session, order.changes), *order.notes])))
    if not order.changing.yes:
        question(session, order, todo)
    return execute(session, order)


def nothing_to_do(order: Order) -> ExitCode:
    """Say that there was nothing to do, and write an empty result."""
    from numctl.render.results import write_results

    why = NOTHING.get(order.verb, "no NUMBER on standard input" if order.stdin_taken else "")
    say(f"numctl: nothing to do{why and f': {why}'}")
    write_results([], order.output)
    return ExitCode.OK


def settle(session: Session, order: Order) -> ExitCode:
    """Write the results of changes that need no request; an undo is recorded all the same, so that it counts."""
    from numctl.render.results import write_results

    results = [unsent(change, Outcome.UNCHANGED) for change in order.changes]
    if order.undoes:
        opened(session, order).close()
    write_results(results, order.output, session.reach.line)
    code = conclude(results, session.reach.line)
    for line in order.closing(results, None) if order.undoes and order.closing else []:
        say(clean(line))
    return code


def rehearse(session: Session, order: Order, todo: Sequence[Change]) -> ExitCode:
    """Write the plan as the result, and send nothing that changes anything."""
    from numctl.render.results import write_plan, write_results

    results = [unsent(change, Outcome.PLANNED) for change in order.changes]
    if is_text(order.output):
        write_plan([*plan_lines(session, order.changes), *order.notes])
    else:
        write_results(results, order.output, session.reach.line)
    return ExitCode.PENDING if order.changing.exit_code and todo else exit_code(results)


def question(session: Session, order: Order, todo: Sequence[Change]) -> None:
    """Ask once for the whole plan; raises Cancelled unless it is confirmed."""
    how = {"no_input": session.connection.no_input, "stdin_taken": order.stdin_taken}
    if order.verb == "release":
        typed = todo[0].phone_number if len(todo) == 1 else str(len(todo))
        what = "the number" if len(todo) == 1 else f"their count ({typed})"
        confirm_by_typing(f"Type {what} to release {plural(todo)}:", typed, **how)
    elif order.verb != "set" or order.stdin_taken or order.several or len(order.changes) > 1 or takes_away(todo[0]):
        confirm(order.question or f"{todo[0].operation.verb.capitalize()} {plural(todo)}?", **how)


def plural(changes: Sequence[Change]) -> str:
    """Return the one number, or how many."""
    return changes[0].phone_number if len(changes) == 1 else counted(len(changes), "number")


def execute(session: Session, order: Order) -> ExitCode:
    """Run the changes, and leave nothing unsaid whatever ends the run."""
    recorder = opened(session, order)
    stop = session.parent.transport.stop
    perform = Performer(session.parent, recorder, session.clock, stop)
    run = Run(order.changes, perform, order.changing.concurrency, stop)
    interrupt = watch(run, len(order.changes))
    results = run.results
    if interrupt is not None:
        recorder.interrupt()
    recorder.close()
    numbercache.amend(session.credentials, results)
    try:
        return report(session, results, order, recorder, interrupt)
    finally:
        if interrupt is not None:
            say_interrupted(order, results, recorded=recorder.run_id is not None)
        say_closing(session, order, results, recorder)


def opened(session: Session, order: Order) -> JournalRecorder | NoRecorder:
    """Return the recorder of a run. An undo's has what needs no request already: that is put back as well."""
    from numctl.journal import RunInfo

    info = RunInfo(
        profile=session.credentials.where,
        account_sid=account_of(session, order.changes),
        verb=order.verb,
        command=command_line(),
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


def account_of(session: Session, changes: Sequence[Change]) -> str:
    """Return the account that a run is recorded on: the one it changes; of several, that of the credentials."""
    touched = [change for change in changes if change.settled is None] or changes
    accounts = {change.account_sid for change in touched}
    return accounts.pop() if len(accounts) == 1 else session.parent.account_sid


def command_line() -> str:
    """Return the command as it was typed, for the history; a URL with a password in it is left out."""
    import sys

    return shell_line(["numctl", *sys.argv[1:]])


def watch(run: Run, count: int) -> BaseException | None:
    """Follow a run to its end; return the interrupt that ended it, if one did."""
    from numctl.cli.progress import Progress

    with Progress(count) as progress:
        try:
            for _ in run:
                progress.advance()
        except BaseException as interrupt:
            end(run, progress)
            return interrupt
    return None


def end(run: Run, progress: Progress) -> None:
    """Stop a run; a second interrupt ends the waiting at once, and what is under way is `unknown`."""
    try:
        progress.note("numctl: stopping; waiting for what is under way")
        run.halt()
    except BaseException:  # whichever signal it was: what was done is accounted for all the same
        run.halt(grace=0)


def report(
    session: Session,
    results: Sequence[Result],
    order: Order,
    recorder: JournalRecorder | NoRecorder,
    interrupt: BaseException | None,
) -> ExitCode:
    """Write the results and why some failed, then raise the interrupt again or return the exit code."""
    written = told(results, order, session.reach.line)
    code = conclude(results, session.reach.line)
    if recorder.trouble:
        say(f"numctl: {recorder.trouble.message}; {recorder.trouble.hint}")
    if interrupt is not None:
        raise interrupt
    if not written:
        raise OutcomeUnknown("standard output could not be written; what was done is said above, on standard error")
    return code


def say_interrupted(order: Order, results: Sequence[Result], *, recorded: bool) -> None:
    """Say how far the run came, and how to finish it where the verb's own closing does not."""
    open_ones = [result for result in results if result.change.settled is None]
    counts = Counter("done" if result.outcome.is_done else result.outcome for result in open_ones)
    unknown, skipped, failed = (counts[one] for one in (Outcome.UNKNOWN, Outcome.SKIPPED, Outcome.FAILED))
    line = f"interrupted: {counts['done']} done, {unknown} unknown, {skipped} not attempted"
    say(f"{line}, {failed} failed" if failed else line)
    if order.closing is None and counts.total() > counts["done"]:
        again = "" if recorded or order.verb != "release" else " with --ignore-missing"
        say(f"to finish: run the same command again{again}; what is done is left as it is")


def say_closing(
    session: Session, order: Order, results: Sequence[Result], recorder: JournalRecorder | NoRecorder
) -> None:
    """End with what follows from the run: how to go on, its ID, and how to undo it."""
    for line in order.closing(results, recorder.run_id) if order.closing else []:
        say(clean(line))
    done = [result for result in results if result.outcome.is_done]
    if order.verb == "release" and done:
        say("released by mistake? ask the service's support soon: it may be able to give a number back")
    touched = {result.outcome for result in results if result.outcome.may_have_effect}
    if recorder.run_id and touched:
        can_undo = order.verb != "buy" and touched - {Outcome.BOUGHT}
        undo = f"; undo: {session.line('undo', recorder.run_id)}" if can_undo else ""
        say(f"run {recorder.run_id}{undo}")


def told(results: Sequence[Result], order: Order, line: Line) -> bool:
    """Write the results to standard output, or say on standard error what was done where that fails."""
    from numctl.render.out import ReaderGone
    from numctl.render.results import write_results

    try:
        write_results(results, order.output, line)
    except ReaderGone:
        return True
    except Exception as failure:  # whatever stops the output, it must not hide what was bought
        say(f"numctl: {failure or type(failure).__name__}; this is what was done:")
        for result in results:
            say(f"  {result.change.phone_number}: {result.outcome}")
        return False
    return True


def conclude(results: Sequence[Result], line: Line) -> ExitCode:
    """Say what failed and why, each piece of advice once, and return the exit code."""
    errors = [result.error for result in results if result.error and result.change.settled is not Outcome.UNCHANGED]
    for error in errors[:FAILURES_TOLD]:
        say(f"numctl: {error.message}")
    if len(errors) > FAILURES_TOLD:
        say(f"numctl: and {len(errors) - FAILURES_TOLD} more like these; --json has them all")
    for hint in dict.fromkeys(filter(None, (error.advice(line) for error in errors[:FAILURES_TOLD]))):
        say(f"  {hint}")
    say_unshown(results)
    return exit_code(results)


def say_unshown(results: Sequence[Result]) -> None:
    """Name each setting that was accepted and that no record shows, with how many numbers that is so of."""
    unshown = Counter(name for result in results for name in result.unshown)
    for name, count in unshown.items():
        numbers = [result.change.phone_number for result in results if name in result.unshown]
        of = numbers[0] if count == 1 else f"{count} numbers"
        say(f"numctl: {of}: {name} was accepted, and is not shown by the service")
