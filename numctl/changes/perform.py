"""Carry out one change: journal it, send it, look for it if the answer is lost, and say how it came out."""

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
"""The most times that an operation with `look_first` is sent."""

_TAKEN = (21422,)

_CANNOT_TELL = ", and it could not be learned whether it took effect"
_NOT_SHOWN = "; it is not visible yet, but may still take effect"


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What one send came to. `lost` is set if it may be sent again: the answer was lost and nothing shows."""

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
        """A purchase whose number was taken goes on with the plan's spares."""
        if change.settled:
            return Result(change, change.settled, change.before, change.reason)
        result = self._carry_out(change)
        while was_taken(result) and change.spares and not self.stop.is_set():
            spare = change.spares.take()
            if spare is None:
                break
            taken = (*result.change.instead_of, result.change.phone_number)
            result = self._carry_out(replace(change, phone_number=spare, instead_of=taken))
        return result

    def _carry_out(self, change: Change) -> Result:
        """Carry out a change, and then, as a second change, the settings that the first would lose."""
        later = {name: value for name, value in change.wanted.items() if name in change.operation.later}
        if not later:
            return self._record_and_send(change)
        now = {name: value for name, value in change.wanted.items() if name not in later}
        first = self._record_and_send(replace(change, wanted=now))
        if not first.outcome.is_done or first.after is None:
            return replace(first, change=change)
        follow = replace(setting(first.after, later), account_sid=change.account_sid)
        second = Result(follow, Outcome.SKIPPED) if self.stop.is_set() else self(follow)
        if second.holds:
            return Result(change, first.outcome, second.after, first.error)
        return Result(change, first.outcome, second.after or first.after, _leftover_error(follow, second.error))

    def _record_and_send(self, change: Change) -> Result:
        try:
            entry = self.recorder.begin(change)
        except NumctlError as error:
            return Result(change, Outcome.FAILED, error=error)
        result = self._send_until_known(change)
        if result.vanished:
            self.gone.add(result, entry)
        else:
            self.recorder.end(entry, result)
        return result

    def _send_until_known(self, change: Change) -> Result:
        client = self.client.on(change.account_sid)
        verdict = self._send_once(client, change, None)
        for _ in range(SENDS - 1 if change.operation.look_first else 0):
            if verdict.lost is None or self.stop.is_set():
                break
            verdict = self._send_once(client, change, verdict.lost)
        return verdict.result

    def _send_once(self, client: Client, change: Change, lost: AnswerLost | None) -> _Verdict:
        """Send once; `lost` is the answer that an earlier send lost."""
        after, failure = _attempt(client, change)
        if failure is None:
            return _Verdict(self._judge_answer(client, change, after))
        if not isinstance(failure, AnswerLost):
            return _Verdict(self._judge_refusal(client, change, failure, lost))
        return self._look_for(client, change, failure.joined(lost))

    def _judge_answer(self, client: Client, change: Change, after: Record | None) -> Result:
        """Judge an answer; if it shows nothing of what was asked for, it may be older than the change: look."""
        result = _judge(change, after)
        if result.outcome is not Outcome.FAILED or unmet(after or {}, change.wanted) == [IGNORED]:
            return result
        finding = find_out(client, change, self.clock)
        if finding.happened is None:
            return self._unknown(change, result.error or NumctlError("the answer shows another record"))
        return _judge(change, finding.after) if finding.happened else result

    def _look_for(self, client: Client, change: Change, lost: AnswerLost) -> _Verdict:
        """Look for a change whose answer is lost: what is not visible failed only if the service said so."""
        finding = find_out(client, change, self.clock)
        if finding.happened:
            return _Verdict(vanished(change) if change.operation.ends_number else _judge(change, finding.after))
        if finding.happened is None:
            return _Verdict(self._unknown(change, lost))
        if lost.refusal and not lost.late:
            return _Verdict(Result(change, Outcome.FAILED, change.before, _with_number(change, lost.refusal)))
        if lost.late or not lost.answered:
            return _Verdict(self._unknown(change, lost, _NOT_SHOWN), None if lost.late else lost)
        message = f"{change.phone_number}: {lost.message}; {change.operation.not_done}"
        hint = "nothing was changed; try again"
        return _Verdict(Result(change, Outcome.FAILED, error=Unavailable(message, hint=hint, **lost.said)), lost)

    def _judge_refusal(self, client: Client, change: Change, error: NumctlError, lost: AnswerLost | None) -> Result:
        """Judge a refusal, which the change itself may have caused.

        After a lost send, "not for sale" may mean that the number is ours and reading still lags, and a refusal
        for too many requests says nothing about that send; "not found" is the answer to a repeated move that
        took effect. As the answer to the first send it means that somebody else moved the number.
        """
        if change.operation.ends_number and isinstance(error, NotFound):
            return vanished(change)
        moved = change.operation.gone_may_be_done and isinstance(error, NotFound)
        finding = find_out(client, change, self.clock) if moved or lost else Seen(False)
        if finding.happened:
            return _judge(change, finding.after) if lost else _moved_by_others(change, finding.after or {})
        if finding.happened is None:
            return self._unknown(change, lost or error)
        unanswered = isinstance(error, Unavailable) and lost is not None and not lost.answered
        if lost and (error.code in _TAKEN or moved or unanswered):
            return self._unknown(change, lost, _NOT_SHOWN)
        return Result(change, Outcome.FAILED, change.before, _with_number(change, error))

    def _unknown(self, change: Change, lost: NumctlError, look: str = _CANNOT_TELL) -> Result:
        return Result(change, Outcome.UNKNOWN, error=unknown(change, lost, look))


def _attempt(client: Client, change: Change) -> tuple[Record | None, NumctlError | None]:
    try:
        return change.operation.send(client, change), None
    except NumctlError as failure:
        return None, failure


def _judge(change: Change, after: Record | None) -> Result:
    """Judge a change that happened, claiming only what the record shows.

    A field that the record leaves out contradicts nothing: the service accepted it, and does not always show it.
    """
    wrong = unmet(after or {}, change.wanted)
    if after and change.to_account and after.get("account_sid", change.to_account) != change.to_account:
        wrong.append("account_sid")
    if not wrong:
        return Result(change, change.operation.done, after)
    why = f"; {IGNORED} is ignored since 2021, and follows --emergency-address-sid" if IGNORED in wrong else ""
    error = Refused(
        f"{change.phone_number}: the service's answer has another {', '.join(wrong)} than requested{why}",
        hint="to check",
        command=show_command(change),
    )
    outcome = change.operation.done if _took_effect(change, after or {}) else Outcome.FAILED
    return Result(change, outcome, after, error)


def _took_effect(change: Change, after: Record) -> bool:
    """Whether the record shows any of it: settings that were all ignored changed nothing."""
    if change.to_account:
        return after.get("account_sid") == change.to_account
    return change.operation is BUY or took_effect(change, after)


def _leftover_error(follow: Change, why: NumctlError | None) -> NumctlError:
    """A purchase succeeded, but a setting was not taken: name the command that sets it."""
    reason = why.message.removeprefix(f"{follow.phone_number}: ") if why else "the run ended before"
    kind = OutcomeUnknown if isinstance(why, OutcomeUnknown) else Refused
    return kind(
        f"{follow.phone_number} is bought, but without {', '.join(follow.wanted)}: {reason}",
        hint="to set it",
        command=Command(("set", follow.phone_number, *setting_words(follow.wanted)), follow.account_sid),
        **(why.said if why else {}),
    )


def _moved_by_others(change: Change, after: Record) -> Result:
    """The number is already where it was to go: nothing was done or is claimed."""
    missing = unmet(after, change.wanted)
    if not missing:
        return Result(replace(change, before=after), Outcome.UNCHANGED, after)
    error = Refused(
        f"{change.phone_number}: someone else moved it to {change.to_account} meanwhile, without {', '.join(missing)}",
        hint="to set it",
        command=Command(("set", change.phone_number, *setting_words(change.wanted)), change.to_account),
    )
    return Result(replace(change, before=after), Outcome.FAILED, after, error)


def was_taken(result: Result) -> bool:
    """Whether a purchase failed because someone else has the number."""
    return result.outcome is Outcome.FAILED and result.error is not None and result.error.code in _TAKEN


def unknown(change: Change, lost: NumctlError, look: str = _CANNOT_TELL) -> OutcomeUnknown:
    """The error of a change whose outcome could not be learned, with the command that shows it."""
    return OutcomeUnknown(
        f"{change.phone_number}: {lost.message}{look}",
        hint="look before repeating",
        command=show_command(change),
        **lost.said,
    )


def show_command(change: Change) -> Command:
    """The command that shows the number where it should be after the change."""
    return Command(("show", change.phone_number), change.to_account or change.account_sid)


def _with_number(change: Change, error: NumctlError) -> NumctlError:
    return error.with_message(f"{change.phone_number}: {error.message}")
