"""Load requests without the libraries that it and urllib3 load for what numctl never asks of them.

Those guess the character set of a text, encode host names that are not ASCII, look for an HTTP/2 library, guess the
type of a file, and read zip archives. Whatever asks for one of them later meets the whole library, loaded then.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

_UNUSED: dict[str, dict[str, Any]] = {
    "charset_normalizer": {"__version__": "3.0.0"},  # one that requests supports
    "idna": {},
    "importlib.metadata": {"version": lambda name: import_module("importlib.metadata").version(name)},
    "mimetypes": {},
    "zipfile": {},
}
"""Each library, with what is taken from it while requests is loaded."""


@contextmanager
def imports() -> Iterator[None]:
    """Let imports in the block find a stand-in in the place of each such library that is not loaded yet."""
    stand_ins = {name: _stand_in(name, held) for name, held in _UNUSED.items() if name not in sys.modules}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name in [name for name, module in sys.modules.items() if module in stand_ins.values()]:
            del sys.modules[name]


def _stand_in(name: str, held: dict[str, Any]) -> ModuleType:
    module = ModuleType(name)

    def late(attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        if sys.modules.get(name) is module:
            del sys.modules[name]
        return getattr(import_module(name), attribute)

    vars(module).update(held, __getattr__=late)
    return module
