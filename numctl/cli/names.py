"""Account names for plans: each is requested once, in the background, and never waited for long."""

from __future__ import annotations

import queue
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from numctl.api.client import Client
from numctl.errors import AuthError, NotFound, NumctlError
from numctl.system.clock import Clock

LONGEST = 1.0
"""Seconds to wait for a name, counted from its request."""

_Answer = str | NumctlError | None


@dataclass
class Names:
    """The known names of accounts."""

    client: Client
    clock: Clock
    _known: dict[str, _Answer] = field(default_factory=dict)
    _asked: dict[str, tuple[float, queue.SimpleQueue[_Answer]]] = field(default_factory=dict)

    def learn(self, names: Mapping[str, Any]) -> None:
        """Keep names that came with other answers."""
        self._known.update({sid: _usable(name) for sid, name in names.items()})

    def ask(self, *sids: str) -> None:
        """Request unknown names on threads of their own; raises nothing."""
        for sid in sids:
            if sid not in self._known and sid not in self._asked:
                answer: queue.SimpleQueue[_Answer] = queue.SimpleQueue()
                self._asked[sid] = self.clock.now(), answer
                threading.Thread(target=lambda sid=sid, answer=answer: answer.put(self._read(sid)), daemon=True).start()

    def of(self, sid: str) -> str | None:
        """The name of an account, None if it has none or it cannot be read in time."""
        answer = self._answer(sid)
        return None if isinstance(answer, NumctlError) else answer

    def of_existing(self, sid: str) -> str | None:
        """The name, as `of` gives it; raises the service's error if the account does not exist or is out of reach."""
        answer = self._answer(sid)
        if isinstance(answer, (NotFound, AuthError)):
            raise answer
        return self.of(sid)

    def _answer(self, sid: str) -> _Answer:
        if sid not in self._known:
            self.ask(sid)
            asked, answer = self._asked[sid]
            try:
                self._known[sid] = answer.get(timeout=max(asked + LONGEST - self.clock.now(), 0))
            except queue.Empty:
                self._known[sid] = None
        return self._known[sid]

    def _read(self, sid: str) -> _Answer:
        try:
            return _usable(self.client.once(LONGEST).account(sid).get("friendly_name"))
        except NumctlError as error:
            return error
        except Exception:  # whatever it is, a decoration must not show a traceback
            return None


def _usable(name: Any) -> str | None:
    """A name that can be shown, else None."""
    return name if isinstance(name, str) and name else None
