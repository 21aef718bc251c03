"""Profiles: the account that each name stands for, in `config.toml`. That file never holds a secret."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from numctl.errors import AuthError, Refused, UsageError
from numctl.model import regions
from numctl.model.ids import Invalid, sid_check
from numctl.system import files, lock
from numctl.text.suggestions import did_you_mean
from numctl.wording import cut, quoted

_NAME_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_LABEL_FORM = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
KEYS = ("account_sid", "key_sid", "region", "edge")
LARGEST = 1024 * 1024


@dataclass(frozen=True)
class Profile:
    """One name: its account, its API key (unless it uses the auth token), and its region and edge."""

    name: str
    account_sid: str
    key_sid: str | None = None
    region: str | None = None
    edge: str | None = None
    other: dict[str, Any] = field(default_factory=dict)
    """Keys that this version does not know, perhaps of a newer one: they are kept."""

    def reached_at(self) -> tuple[str | None, str | None]:
        """The region and the edge; raises AuthError for a region that needs an edge and has none."""
        try:
            return regions.completed(self.region, self.edge)
        except Invalid as error:
            hint = f"give its edge: numctl login --profile {self.name} --region {self.region} --edge EDGE"
            raise AuthError(f"profile {self.name!r}: {error.message}", hint=hint) from error


@dataclass(frozen=True)
class Profiles:
    """All profiles by name, and the default one."""

    default_profile: str | None = None
    by_name: dict[str, Profile] = field(default_factory=dict)
    other: dict[str, Any] = field(default_factory=dict)

    def named(self, name: str) -> Profile:
        """The profile; raises AuthError if there is none of that name."""
        if name in self.by_name:
            return self.by_name[name]
        known = ", ".join(self.by_name) or "none yet"
        raise AuthError(
            f"there is no profile {quoted(name)}{did_you_mean(name, self.by_name)}",
            hint=f"profiles: {known}; numctl login --profile {cut(name)} creates it",
        )

    def with_profile(self, profile: Profile, *, default: bool) -> Profiles:
        """Add or replace one; it becomes the default if asked for, or if it is the first."""
        first = profile.name if default or not self.by_name else self.default_profile
        if profile.name in self.by_name:
            profile = replace(profile, other=self.by_name[profile.name].other)
        return replace(self, default_profile=first, by_name={**self.by_name, profile.name: profile})

    def without(self, name: str) -> Profiles:
        """Remove one; if it was the default, there is no default any more."""
        rest = {other: profile for other, profile in self.by_name.items() if other != name}
        return replace(
            self, by_name=rest, default_profile=None if self.default_profile == name else self.default_profile
        )


def config_path() -> Path:
    return files.config_dir() / "config.toml"


def check_name(name: str) -> str:
    """The profile's name; raises UsageError if it is not valid."""
    if _NAME_FORM.fullmatch(name):
        return name
    raise UsageError(f"{quoted(name)} is not a profile name: use letters, digits, and . _ - inside")


def alone() -> AbstractContextManager[None]:
    """Keep other numctl processes from changing the profiles or their secrets between load and save.

    Raises Refused if another process holds the lock too long, or the lock cannot be written.
    """
    path = config_path()
    return lock.held(path.with_name(f"{path.name}.lock"), "the profiles")


def load() -> Profiles:
    """Read the profiles; without a file there are none. Raises AuthError for a file that cannot be used."""
    import tomllib

    try:
        path = config_path()
    except Refused:  # no home folder, so nothing was ever stored
        return Profiles()
    if not _is_there(path):
        return Profiles()
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise AuthError(f"{path}: it is too large to be a numctl file; it was left as it is")
        found = tomllib.loads(content.decode("utf-8-sig"))
    except OSError as error:
        raise AuthError(f"{path}: it cannot be read: {files.reason(error)}") from error
    except (ValueError, RecursionError) as error:  # too long numbers and too deep tables are no TOMLDecodeError
        raise AuthError(
            f"{path}: it is not TOML: {error}", hint="fix it or move it away; it was left as it is"
        ) from error
    return parsed(path, found)


def _is_there(path: Path) -> bool:
    """Turn Refused into AuthError: without the file there are no credentials."""
    try:
        return files.check_regular(path)
    except Refused as error:
        raise AuthError(error.message, hint=error.hint) from error


def parsed(path: Path, found: dict[str, Any]) -> Profiles:
    """The profiles in a decoded file; raises AuthError that names the wrong value."""
    tables = found.get("profiles", {})
    default = found.get("default_profile")
    if not isinstance(tables, dict):
        raise _wrong(path, "profiles", "it is not a table")
    if default is not None and (not isinstance(default, str) or default not in tables):
        raise _wrong(path, "default_profile", "there is no such profile")
    other = {key: value for key, value in found.items() if key not in ("default_profile", "profiles")}
    return Profiles(default, {name: _profile_of(path, name, table) for name, table in tables.items()}, other)


def _profile_of(path: Path, name: str, table: Any) -> Profile:
    place = f"profiles.{name}"
    if not _NAME_FORM.fullmatch(name) or not isinstance(table, dict):
        raise _wrong(path, place, "it is not a profile")
    known = {key: table[key] for key in KEYS if key in table}
    for key, value in known.items():
        if not isinstance(value, str):
            raise _wrong(path, f"{place}.{key}", "it is not text")
    if "account_sid" not in table:
        raise _wrong(path, f"{place}.account_sid", "it is missing")
    for key, check, why in _CHECKS:
        try:
            check(table[key]) if key in table else None
        except Invalid as error:
            raise _wrong(path, f"{place}.{key}", why) from error
    return Profile(name, **known, other={key: value for key, value in table.items() if key not in KEYS})


def label(text: str) -> str:
    """Check a region or an edge, one label of a host name; raises Invalid."""
    if _LABEL_FORM.fullmatch(text):
        return text
    raise Invalid(f"{quoted(text)} is not a region or an edge, such as ie1 or dublin")


_CHECKS = (
    ("account_sid", sid_check("AC"), "it is not AC and 32 hexadecimal digits"),
    ("key_sid", sid_check("SK"), "it is not SK and 32 hexadecimal digits"),
    ("region", label, "it is not a region, such as ie1"),
    ("edge", label, "it is not an edge, such as dublin"),
)
"""The values of a profile; a wrong one is not shown: it may be a secret in the wrong place."""


def _wrong(path: Path, place: str, why: str) -> AuthError:
    return AuthError(f"{path}: {place}: {why}", hint="fix it or move the file away; it was left as it is")


def save(profiles: Profiles) -> None:
    """Write all profiles, readable only by their owner; raises Refused."""
    import tomli_w

    tables = {
        name: {key: getattr(profile, key) for key in KEYS if getattr(profile, key)} | profile.other
        for name, profile in profiles.by_name.items()
    }
    head = {"default_profile": profiles.default_profile} if profiles.default_profile else {}
    files.write_private(config_path(), tomli_w.dumps({**head, **profiles.other, "profiles": tables}).encode())
