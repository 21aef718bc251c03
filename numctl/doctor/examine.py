"""All checks, one after another. Each stands alone: one that fails unexpectedly is an error, and the next goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from numctl.doctor import account, configuration, machine, shell, variables
from numctl.doctor.finding import Finding, Situation, error, failed
from numctl.errors import NumctlError


class Row(NamedTuple):
    """A finding with the name of its check."""

    check: str
    finding: Finding


_Check = Callable[[Situation], Iterable[Finding]]
CHECKS: dict[str, _Check] = {
    "version": machine.versions,
    "variables": variables.variables,
    "config-folder": machine.config_folder,
    "state-folder": machine.state_folder,
    "cache-folder": machine.cache_folder,
    "configuration": configuration.configuration,
    "keyring": configuration.key_store,
    "region": configuration.region,
    "network": account.network,
    "clock": account.clock,
    "credentials": account.credentials,
    "account": account.account,
    "numbers": account.numbers,
    "history": machine.history,
    "cache": machine.cache,
    "completion": shell.completion,
}
"""In the order in which they are made and shown."""


def examine(situation: Situation) -> Iterator[Row]:
    """Make all checks."""
    for name, check in CHECKS.items():
        for finding in _findings(check, situation):
            yield Row(name, finding)


def _findings(check: _Check, situation: Situation) -> list[Finding]:
    try:
        return list(check(situation))
    except NumctlError as failure:
        return [failed(failure)]
    except Exception as failure:  # its words are not shown: they may hold a secret
        return [error(f"the check failed unexpectedly ({type(failure).__name__})", "this is a bug in numctl")]
