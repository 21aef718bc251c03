"""What a release says of itself, and what keeps a tag from becoming one."""

from __future__ import annotations

import pytest

from numctl import __version__
from tests import ROOT
from tools.release_notes import main, notes

TAG = f"v{__version__}"
CHANGELOG = f"""\
# Changelog

## {__version__} (2026-12-01)

### New

- Something.

## 0.0.1 (2026-01-01)

- Something else.
"""


def test_the_notes_are_the_section_of_the_tag() -> None:
    assert notes(TAG, CHANGELOG) == "### New\n\n- Something."


@pytest.mark.parametrize(
    ("tag", "changelog", "reason"),
    [
        ("v0.0.1", CHANGELOG, f"the tag is v0.0.1, the version in numctl/__init__.py is {__version__}"),
        (__version__, CHANGELOG, f"the tag is {__version__}, the version in numctl/__init__.py is {__version__}"),
        (TAG, "# Changelog\n", f"CHANGELOG.md has no section '## {__version__} (YYYY-MM-DD)'"),
        (
            TAG,
            CHANGELOG.replace("2026-12-01", "unreleased"),
            f"CHANGELOG.md says that {__version__} is 'unreleased'; write the date",
        ),
    ],
    ids=["another version", "no v", "no section", "no date"],
)
def test_a_tag_that_cannot_be_released_is_refused(tag: str, changelog: str, reason: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 # the whole message is compared
        notes(tag, changelog)
    assert str(caught.value) == reason


def test_a_refusal_is_one_line_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["v0.0.1"]) == 1
    reason = f"error: the tag is v0.0.1, the version in numctl/__init__.py is {__version__}\n"
    assert tuple(capsys.readouterr()) == ("", reason)


def test_the_changelog_begins_with_this_version() -> None:
    lines = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    first = next(line for line in lines if line.startswith("## "))
    assert first.startswith(f"## {__version__} (")
