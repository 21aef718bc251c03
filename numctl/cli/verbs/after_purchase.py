"""What to say after a purchase: how to release, how to buy the rest, which addresses could be used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from numctl.changes.change import Result
from numctl.changes.perform import was_taken
from numctl.changes.plan import setting_words
from numctl.cli.session import Session
from numctl.errors import NumctlError
from numctl.model.countries import country_of_number
from numctl.model.outcome import Outcome
from numctl.model.settings import Wanted

_NEEDS_ADDRESS = (21615, 21631, 21651)
_NEEDS_MORE = (*_NEEDS_ADDRESS, 21649, 21650)
_SHOWN = 10


def give_back(session: Session, results: Sequence[Result], run_id: str | None) -> list[str]:
    """How to release purchases, which undo does not do; many are named by the run that bought them."""
    bought = [result.change.phone_number for result in results if result.outcome is Outcome.BOUGHT]
    if not bought:
        return []
    account = results[0].change.account_sid
    if len(bought) > _SHOWN and run_id:
        back = f"{session.line('history', run_id, '-q')} | {session.line('release', '-', account=account)}"
    else:
        back = session.line("release", *bought, account=account)
    return [f"purchases can't be undone; to release: {back}"]


def rest(session: Session, results: Sequence[Result], wanted: Wanted) -> list[str]:
    """What an unfinished run bought, what someone else has, and the exact command for the rest."""
    bought = [result.change.phone_number for result in results if _has(result)]
    open_ones = [result for result in results if not _has(result) and not result.change.settled]
    taken = [result.change.phone_number for result in open_ones if was_taken(result)]
    in_doubt = [result.change.phone_number for result in open_ones if result.outcome is Outcome.UNKNOWN]
    left = [result.change.phone_number for result in open_ones if _is_left(result)]
    lines = [line for result in results for line in _replaced(result)]
    lines += [f"not for sale, perhaps someone else has taken it: {' '.join(taken)}"] if taken else []
    lines += [f"not known whether bought: {' '.join(in_doubt)}"] if in_doubt else []
    if left:
        lines.append(f"bought: {' '.join(bought) or 'none'}")
        lines.append(f"for the rest: {_buy_command(session, results, left, wanted)}")
    return lines


def _is_left(result: Result) -> bool:
    """Whether the same command may still buy it; one in doubt has to be checked first."""
    return not (was_taken(result) or _refused_with(result, _NEEDS_MORE) or result.outcome is Outcome.UNKNOWN)


def _has(result: Result) -> bool:
    """Whether the account has the number now, though it may lack a setting."""
    return result.holds or result.outcome is Outcome.BOUGHT


def _replaced(result: Result) -> list[str]:
    """The numbers that were no longer for sale and for which a spare was tried."""
    names, how = " ".join(result.change.instead_of), "bought" if _has(result) else "tried"
    return [f"{names}: not for sale any more; {result.change.phone_number} {how} instead"] if names else []


def _buy_command(session: Session, results: Sequence[Result], numbers: Sequence[str], wanted: Wanted) -> str:
    """The exact command line that buys these numbers of a run with these settings."""
    return session.line("buy", *numbers, *setting_words(wanted), account=results[0].change.account_sid)


def _buy_with_address(
    session: Session, results: Sequence[Result], numbers: Sequence[str], wanted: Wanted, sid: str
) -> str:
    """The command line that buys these numbers of a run with this address."""
    return _buy_command(session, results, numbers, {**wanted, "address_sid": sid})


def addresses(session: Session, results: Sequence[Result], wanted: Wanted) -> list[str]:
    """The account's addresses in each country whose numbers were refused because they need one."""
    refused = [result.change.phone_number for result in results if _refused_with(result, _NEEDS_ADDRESS)]
    countries: dict[str, list[str]] = {}
    for number in refused:
        countries.setdefault(_country_of(number), []).append(number)
    lines = []
    for country, numbers in countries.items():
        lines += _in_country(session, country, partial(_buy_with_address, session, results, numbers, wanted))
    return lines


def _refused_with(result: Result, codes: Sequence[int]) -> bool:
    """Whether a purchase was refused because something is missing: the same command would be refused again."""
    return result.error is not None and result.error.code in codes


def _country_of(number: str) -> str:
    """The country of a number; `??` if the numbering plan doesn't tell."""
    return country_of_number(number) or "??"


def _in_country(session: Session, country: str, again: Callable[[str], str]) -> list[str]:
    """The account's addresses in one country, each with the command that uses it."""
    try:
        found = [address for page in session.client.addresses(country) for address in page]
    except NumctlError as error:
        return [f"the account's addresses in {country} could not be read: {error.message}"]
    if not found:
        return [f"the account has no address in {country}; register one with the service, then use --address-sid"]
    lines = [f"addresses in {country}:"]
    for address in found[:_SHOWN]:
        name = ", ".join(str(address[key]) for key in ("customer_name", "street", "city") if address.get(key))
        lines.append(f"  {address['sid']} {name}")
        lines.append(f"    {again(address['sid'])}")
    return lines
