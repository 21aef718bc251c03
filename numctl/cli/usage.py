"""Say what is wrong with a command line, in our own words instead of the library's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from numctl.errors import UsageError
from numctl.text.suggestions import did_you_mean
from numctl.wording import LONGEST, cut

_LONGEST_MESSAGE = 500
"""The most characters of a message, which may repeat a whole command line."""

_OURS = (
    (r"Value error, ", ""),
    (r"for '\[(\w+)\]'", r"for '\1'"),
    (r"(Input should be a valid|Unable to parse input string as an) integer.*", "it must be a whole number"),
    (r"Input should be a (valid|finite) number.*", "it must be a number"),
    (r"Input should be a valid boolean.*", "it must be true or false"),
    (r"Input should be ", "it must be "),
)


_CHOICE = re.compile(r"'(?P<given>[^']*)' is not one of (?P<choices>.*)$", re.DOTALL)


def wrong_line(error: Any, words: Sequence[str]) -> UsageError:
    """Turn Typer's usage error into ours: plain words, a suggestion, and which help to read."""
    message = plainly(error.format_message(), words)
    if "login" in words and "extra argument" in message:  # it may be the secret, and is not repeated
        message = "login takes no arguments; the secret is asked for, or read from standard input"
    if hasattr(error, "option_name") and hasattr(error, "possibilities"):
        names = [name for row in error.ctx.command.params for name in _names_of(row)]
        message = f"there is no option {cut(error.option_name)}{did_you_mean(error.option_name, names)}"
    elif found := _CHOICE.search(message):
        message += _suggestion(found["given"], found["choices"])
    context = error.ctx
    return UsageError(message, see="for help", command_path=context.command_path if context else "numctl")


def _names_of(row: Any) -> list[str]:
    return [] if getattr(row, "hidden", True) else [*row.opts, *row.secondary_opts]


def _suggestion(given: str, choices: str) -> str:
    return did_you_mean(given, re.findall(r"[\w-]+", choices))


def plainly(message: str, words: Sequence[str]) -> str:
    """A complaint about a command line on one line, with long words cut."""
    for word in sorted(_parts_of(words), key=len, reverse=True):
        message = message.replace(word, cut(word)).replace(repr(word)[1:-1], repr(cut(word))[1:-1])
    line = " ".join(message.split()).removesuffix(".")
    for theirs, ours in _OURS:
        line = re.sub(theirs, ours, line)
    if len(line) > _LONGEST_MESSAGE:
        line = f"{line[:_LONGEST_MESSAGE]}…"
    return line[:1].lower() + line[1:]


def _parts_of(words: Sequence[str]) -> set[str]:
    """The parts of a command line that are too long to repeat: a word, an option's name, its value."""
    parts = {part for word in words for part in (word, *word.split("=", 1))}
    return {part for part in parts if len(part) > LONGEST}
