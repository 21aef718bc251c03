"""search --near-lat-long: only what is a place on the globe is sent."""

from __future__ import annotations

import pytest

from tests.cli.program import numctl, sandbox


@pytest.mark.parametrize("place", ["91,0", "90.01,0", "-90.5,0", "0,181", "0,-180.1", "10,999"])
def test_what_is_beyond_the_globe_is_no_place(place: str) -> None:
    # Without credentials a request would end with exit 3.
    refused = numctl("search", "--near-lat-long", place)
    said = f"numctl: --near-lat-long {place!r}: the latitude is from -90 to 90, the longitude from -180 to 180\n"
    assert (refused.code, refused.out, refused.err) == (2, "", said)


@pytest.mark.parametrize("place", ["90,180", "-90,-180.0", "0,0"])
def test_the_edges_of_the_globe_are_places(place: str) -> None:
    assert sandbox("search", "--near-lat-long", place, "--json").code == 0
