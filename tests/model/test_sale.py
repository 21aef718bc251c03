"""A number for sale: its coordinates are numbers where they can be."""

from __future__ import annotations

import pytest

from numctl.model.sale import degrees


@pytest.mark.parametrize(("sent", "held"), [("-122.45", -122.45), ("37", 37.0), (None, None), ("n/a", "n/a"), ("", "")])
def test_a_coordinate_is_a_number_where_it_can_be(sent: object, held: object) -> None:
    assert degrees(sent) == held
