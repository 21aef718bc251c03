"""The plan for a person: the account, each change from old to new, what that overrides and costs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from numctl.changes.change import Change, predicted
from numctl.changes.consequences import cleared, consequences, costs, losses, warnings_of
from numctl.changes.operation import BUY, RELEASE, SET
from numctl.cli.order import Order
from numctl.cli.session import Session
from numctl.cli.steps import labelled, new_piece, step_pieces
from numctl.model.moment import day
from numctl.model.number import EMERGENCY, can, difference, unsaid
from numctl.model.outcome import Outcome
from numctl.model.routing import PRECEDENCE, handler
from numctl.text.paint import Line, Piece, Text, line
from numctl.wording import counted, has_password

_NAMED = 4
"""The most numbers that a folded group names."""

_CAPABILITY = {"calls": "voice", "messages": "sms"}


def plan_lines(session: Session, order: Order, *, folded: bool) -> list[Text]:
    """The plan of an order; `folded` shows each group of equal changes once, as on a terminal."""
    plan = _Plan(session, order.changes, folded)
    warned = plan.lines()
    return [*warned, *order.notes, *plan.summary(_count_warnings([*warned, *order.notes]))]


def _count_warnings(lines: Iterable[Text]) -> int:
    texts = (text if isinstance(text, str) else "".join(piece.text for piece in text.pieces) for text in lines)
    return sum(text.lstrip().startswith("! ") for text in texts)


class _Plan:
    def __init__(self, session: Session, changes: Sequence[Change], folded: bool) -> None:
        self._session = session
        self._changes = changes
        self._open = [change for change in changes if change.settled is None]
        self._folded = folded

    def lines(self) -> list[Text]:
        """The changes by account, then those that are not made, and why."""
        accounts = list(dict.fromkeys(change.account_sid for change in self._open or self._changes))
        targets = [change.to_account for change in self._open if change.to_account]
        self._session.names.ask(*accounts, *targets)
        written: list[Text] = []
        for account_sid in accounts:
            written.append(self._account(account_sid))
            for group in self._groups(change for change in self._open if change.account_sid == account_sid):
                written += self._group(group)
        lost = dict.fromkeys(loss for change in self._open for loss in losses(change))
        return [*written, *self._refused(), *map(_warning, lost)]

    def _account(self, account_sid: str) -> Line:
        name = self._session.names.of(account_sid)
        region = self._session.credentials.region
        where = f", region {region}" if region not in (None, "us1") else ""
        known = [Piece(name, "heading"), f" ({account_sid})"] if name else [Piece(account_sid, "heading")]
        return line(*known, f", {self._session.credentials.where}{where}")

    def _groups(self, changes: Iterable[Change]) -> Iterable[list[Change]]:
        groups: dict[object, list[Change]] = defaultdict(list)
        for place, change in enumerate(changes):
            folds = self._folded and change.operation in (SET, BUY) and not cleared(change)
            groups[(*self._effects(change), *_passwords(change)) if folds else place].append(change)
        return groups.values()

    def _group(self, members: Sequence[Change]) -> Iterator[Text]:
        sign = f"{members[0].operation.sign} "
        if len(members) == 1:
            yield line(sign, *_named(members[0], gap="  "), indent=2, hang=4)
        else:
            named = members if members[0].operation is BUY or len(members) <= _NAMED + 1 else members[:_NAMED]
            pieces = [piece for change in named for piece in (*_named(change), ", ")]
            more = ["…"] if len(named) < len(members) else []
            pieces = pieces if more else pieces[:-1]
            yield line(sign, f"{len(members)} numbers: ", *pieces, *more, indent=2, hang=4)
        yield from self._effects(members[0])

    def _effects(self, change: Change) -> list[Line]:
        """What one change does, without its number."""
        rows: list[tuple[str, Sequence[str | Piece]]] = []
        if change.to_account:
            there = self._session.names.of(change.to_account) or change.to_account
            here = self._session.names.of(change.account_sid) or change.account_sid
            rows.append(("account", step_pieces(here, there)))
        for name, (old, new) in difference(change.before or {}, predicted(change)).items():
            if name != "account_sid":
                rows.append((name, [new_piece(new)] if change.operation is BUY else step_pieces(old, new)))
        hidden = unsaid(change.before, change.wanted) if change.before else []
        unseen = Piece("(not shown by the service)", "muted")
        rows += [(name, (unseen, " → ", new_piece(change.wanted[name]))) for name in hidden]
        rows += _today(change) if change.operation is RELEASE else []
        remarks = [line(change.remark, indent=6)] if change.remark and not change.remark.startswith("! ") else []
        marked = [change.remark.removeprefix("! ")] if change.remark and not remarks else []
        told = [*marked, *warnings_of(change), *consequences(change)]
        return [*remarks, *labelled(rows, indent=6), *(_warning(text, indent=6) for text in told)]

    def _refused(self) -> Iterator[Text]:
        """What is refused already, each with the command to run first."""
        for change in self._changes:
            if change.reason:
                yield line(Piece(f"{change.settled}:", "error"), f" {change.reason.message}", indent=2)
                advice = change.reason.advice(self._session.reach.line) if change.reason.command else None
                yield from [f"      {advice}"] if advice else []

    def summary(self, warnings: int) -> list[Text]:
        """One line: counts, what is cleared, and what costs or saves money."""
        counts = Counter(change.operation.verb for change in self._open)
        parts = [f"{count} to {verb}" for verb, count in counts.items()]
        settled = Counter(change.settled for change in self._changes if change.settled)
        same = settled.pop(Outcome.UNCHANGED, 0)
        parts += [f"{same} already up to date"] if same else []
        parts += [f"{count} {outcome}" for outcome, count in settled.items()]
        parts += [counted(warnings, "warning")] if warnings else []
        clears = Counter(name for change in self._open for name in cleared(change))
        bills = Counter(cost for change in self._open for cost in costs(change))
        saved = sum(change.operation is RELEASE for change in self._open)
        sentences = [", ".join(parts)]
        sentences += [f"Clears {', '.join(f'{name} on {count}' for name, count in clears.items())}"] if clears else []
        sentences += [f"Cost: {counted(count, 'number')} {cost}" for cost, count in bills.items()]
        sentences += [f"Ends the monthly price of {counted(saved, 'number')}"] if saved else []
        return [line(Piece(" ".join(f"{sentence}." for sentence in sentences), "heading"))]


def _named(change: Change, gap: str = " ") -> list[str | Piece]:
    name = str((change.before or {}).get("friendly_name") or "")
    held = name and name != change.phone_number
    return [Piece(change.phone_number, "number"), *([f"{gap}{name}"] if held else [])]


def _warning(text: str, indent: int = 2) -> Line:
    return line(Piece("!", "warning"), f" {text}", indent=indent)


def _today(change: Change) -> Iterator[tuple[str, Sequence[str | Piece]]]:
    """Yield what a release ends: what handles calls and messages now, and since when the account has the number."""
    live = change.before or {}
    for what in PRECEDENCE:
        if can(live, _CAPABILITY[what]) is not False:
            answer = handler(live, what)
            yield what, [f"{answer.field} {answer.value}" if answer.field else Piece("nothing set", "muted")]
    if live.get("date_created"):
        yield "bought", [day(live["date_created"])]
    if live.get(EMERGENCY):
        yield EMERGENCY, [str(live[EMERGENCY])]


def _passwords(change: Change) -> list[str]:
    """The values with passwords: masked they look the same, but changes that differ in them are not folded."""
    values = [pair for name in change.wanted for pair in ((change.before or {}).get(name), change.wanted[name])]
    return [str(value) for value in values if has_password(value)]
