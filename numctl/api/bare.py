"""Load requests without libraries that it and urllib3 import but numctl never uses.

They guess character sets, encode host names that are not ASCII, look for an HTTP/2 library, guess file types, and read
zip archives. Code that uses one of them later gets the whole library, loaded then.
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
    """Within the block, imports get a stand-in for each of these libraries that is not loaded yet."""
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
