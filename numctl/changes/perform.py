"""Carry out one change: journal it, send it, look when the answer is lost, and say how it came out."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

from numctl.api.client import Client
from numctl.changes.change import Change, Recorder, Result, Seen, took_effect
from numctl.changes.operation import BUY
from numctl.changes.plan import setting, setting_words
from numctl.changes.reconcile import find_out
from numctl.changes.vanished import Vanished, vanished
from numctl.errors import AnswerLost, Command, NotFound, NumctlError, OutcomeUnknown, Refused, Unavailable
from numctl.model.number import Record, unmet
from numctl.model.outcome import Outcome
from numctl.model.settings import IGNORED
from numctl.system.clock import Clock

SENDS = 3
"""How often an operation with `look_first` is sent at most."""

_TAKEN = (21422,)

_CANNOT_TELL = ", and looking could not tell whether it took effect"
_NOT_SHOWN = "; it does not show, but may still take effect"


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What one send came to. `lost` is set where the answer was lost, it does not show, and it may be sent again."""

    result: Result
    lost: AnswerLost | None = None


class Performer:
    """Carry out changes of a family of accounts through one client; once `stop` is set, nothing is sent again."""

    def __init__(
        self,
        client: Client,
        recorder: Recorder,
        clock: Clock,
        stop: threading.Event | None = None,
        gone: Vanished | None = None,
    ) -> None:
        self.client = client
        self.recorder = recorder
        self.clock = clock
        self.stop = stop or threading.Event()
        self.gone = gone or Vanished(client, recorder, [])

    def __call__(self, change: Change) -> Result:
        """Return the result of one change; a purchase whose number was taken goes on with the plan's spares."""
        if change.settled:
            return Result(change, change.settled, change.before, change.reason)
        result = self._whole(change)
        while was_taken(result) and change.spares and not self.stop.is_set():
            spare = change.spares.take()
            if spare is None:
                break
            taken = (*result.change.instead_of, result.change.phone_number)
            result = self._whole(replace(change, phone_number=spare, instead_of=taken))
        return result

    def _whole(self, change: Change) -> Result:
        """Carry out a change, and after it, by a change of its own, what it would drop silently."""
        later = {name: value for name, value in change.wanted.items() if name in change.operation.later}
        if not later:
            return self._once(change)
        now = {name: value for name, value in change.wanted.items() if name not in later}
        first = self._once(replace(change, wanted=now))
        if not first.outcome.is_done or first.after is None:
            return replace(first, change=change)
        follow = replace(setting(first.after, later), account_sid=change.account_sid)
        second = Result(follow, Outcome.SKIPPED) if self.stop.is_set() else self(follow)
        if second.holds:
            return Result(change, first.outcome, second.after, first.error)
        return Result(change, first.outcome, second.after or first.after, _left_over(follow, second.error))

    def _once(self, change: Change) -> Result:
        try:
            entry = self.recorder.begin(change)
        except NumctlError as error:
            return Result(change, Outcome.FAILED, error=error)
        result = self._sent(change)
        if result.vanished:
            self.gone.add(result, entry)
        else:
            self.recorder.end(entry, result)
        return result

    def _sent(self, change: Change) -> Result:
        client = self.client.on(change.account_sid)
        verdict = self._verdict(client, change, None)
        for _ in range(SENDS - 1 if change.operation.look_first else 0):
            if verdict.lost is None or self.stop.is_set():
                break
            verdict = self._verdict(client, change, verdict.lost)
        return verdict.result

    def _verdict(self, client: Client, change: Change, lost: AnswerLost | None) -> _Verdict:
        """Send once; `lost` is the answer that an earlier send lost."""
        after, failure = _attempted(client, change)
        if failure is None:
            return _Verdict(self._believed(client, change, after))
        if not isinstance(failure, AnswerLost):
            return _Verdict(self._refused(client, change, failure, lost))
        return self._looked(client, change, failure.joined(lost))

    def _believed(self, client: Client, change: Change, after: Record | None) -> Result:
        """Judge an answer; one that shows nothing of what was asked for may be older than the change: then look."""
        result = _judged(change, after)
        if result.outcome is not Outcome.FAILED or unmet(after or {}, change.wanted) == [IGNORED]:
            return result
        finding = find_out(client, change, self.clock)
        if finding.happened is None:
            return self._unknown(change, result.error or NumctlError("the answer shows another record"))
        return _judged(change, finding.after) if finding.happened else result

    def _looked(self, client: Client, change: Change, lost: AnswerLost) -> _Verdict:
        """Look for a change whose answer is lost: what does not show did not happen only if the service said so."""
        finding = find_out(client, change, self.clock)
        if finding.happened:
            return _Verdict(vanished(change) if change.operation.ends_number else _judged(change, finding.after))
        if finding.happened is None:
            return _Verdict(self._unknown(change, lost))
        if lost.refusal and not lost.late:
            return _Verdict(Result(change, Outcome.FAILED, change.before, _named(change, lost.refusal)))
        if lost.late or not lost.answered:
            return _Verdict(self._unknown(change, lost, _NOT_SHOWN), None if lost.late else lost)
        message = f"{change.phone_number}: {lost.message}; {change.operation.not_done}"
        hint = "nothing was changed; try again"
        return _Verdict(Result(change, Outcome.FAILED, error=Unavailable(message, hint=hint, **lost.said)), lost)

    def _refused(self, client: Client, change: Change, error: NumctlError, lost: AnswerLost | None) -> Result:
        """Judge a refusal, which may be of the change's own making.

        After a lost send, "not for sale" may mean that it is ours and reading still lags, and a refusal for too many
        says nothing of that send; "not found" is what a move that took effect answers when it is sent again. To the
        first send it says that somebody else moved the number.
        """
        if change.operation.ends_number and isinstance(error, NotFound):
            return vanished(change)
        moved = change.operation.gone_may_be_done and isinstance(error, NotFound)
        finding = find_out(client, change, self.clock) if moved or lost else Seen(False)
        if finding.happened:
            return _judged(change, finding.after) if lost else _moved_by_somebody(change, finding.after or {})
        if finding.happened is None:
            return self._unknown(change, lost or error)
        unanswered = isinstance(error, Unavailable) and lost is not None and not lost.answered
        if lost and (error.code in _TAKEN or moved or unanswered):
            return self._unknown(change, lost, _NOT_SHOWN)
        return Result(change, Outcome.FAILED, change.before, _named(change, error))

    def _unknown(self, change: Change, lost: NumctlError, look: str = _CANNOT_TELL) -> Result:
        return Result(change, Outcome.UNKNOWN, error=unknown(change, lost, look))


def _attempted(client: Client, change: Change) -> tuple[Record | None, NumctlError | None]:
    """Send the change, and return the record after it, or why there is none."""
    try:
        return change.operation.send(client, change), None
    except NumctlError as failure:
        return None, failure


def _judged(change: Change, after: Record | None) -> Result:
    """Return the result of a change that happened; raises nothing, and claims only what the record shows.

    A field that the record leaves out contradicts nothing: the service accepted it, and does not always show it.
    """
    wrong = unmet(after or {}, change.wanted)
    if after and change.to_account and after.get("account_sid", change.to_account) != change.to_account:
        wrong.append("account_sid")
    if not wrong:
        return Result(change, change.operation.done, after)
    why = f"; {IGNORED} is ignored since 2021, and follows --emergency-address-sid" if IGNORED in wrong else ""
    error = Refused(
        f"{change.phone_number}: the service answered with another {', '.join(wrong)} than asked{why}",
        hint="look",
        command=show_command(change),
    )
    outcome = change.operation.done if _took_effect(change, after or {}) else Outcome.FAILED
    return Result(change, outcome, after, error)


def _took_effect(change: Change, after: Record) -> bool:
    """Say whether the record shows something of what was asked: settings that were all ignored changed nothing."""
    if change.to_account:
        return after.get("account_sid") == change.to_account
    return change.operation is BUY or took_effect(change, after)


def _left_over(follow: Change, why: NumctlError | None) -> NumctlError:
    """Return the error of a purchase after which a setting was not taken, with the command that sets it."""
    reason = why.message.removeprefix(f"{follow.phone_number}: ") if why else "the run ended before"
    kind = OutcomeUnknown if isinstance(why, OutcomeUnknown) else Refused
    return kind(
        f"{follow.phone_number} is bought, but without {', '.join(follow.wanted)}: {reason}",
        hint="to set it",
        command=Command(("set", follow.phone_number, *setting_words(follow.wanted)), follow.account_sid),
        **(why.said if why else {}),
    )


def _moved_by_somebody(change: Change, after: Record) -> Result:
    """Return the result of a move that found the number where it was to go: nothing was done or is claimed."""
    missing = unmet(after, change.wanted)
    if not missing:
        return Result(replace(change, before=after), Outcome.UNCHANGED, after)
    error = Refused(
        f"{change.phone_number}: somebody moved it to {change.to_account} meanwhile, without {', '.join(missing)}",
        hint="to set it",
        command=Command(("set", change.phone_number, *setting_words(change.wanted)), change.to_account),
    )
    return Result(replace(change, before=after), Outcome.FAILED, after, error)


def was_taken(result: Result) -> bool:
    """Say whether a purchase failed because someone else has the number."""
    return result.outcome is Outcome.FAILED and result.error is not None and result.error.code in _TAKEN


def unknown(change: Change, lost: NumctlError, look: str = _CANNOT_TELL) -> OutcomeUnknown:
    """Return the error of a change whose outcome could not be learned, with the command that shows it."""
    return OutcomeUnknown(
        f"{change.phone_number}: {lost.message}{look}",
        hint="look before repeating",
        command=show_command(change),
        **lost.said,
    )


def show_command(change: Change) -> Command:
    """Return the command that shows the number where it should be after the change."""
    return Command(("show", change.phone_number), change.to_account or change.account_sid)


def _named(change: Change, error: NumctlError) -> NumctlError:
    """Return the error with the number in front of its message."""
    return error.with_message(f"{change.phone_number}: {error.message}")
