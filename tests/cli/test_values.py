"""What options and arguments are completed from is what they accept."""

from __future__ import annotations

import re

from numctl.cli.values import COUNTRIES
from numctl.model.countries import is_country


def test_every_country_that_is_completed_is_one() -> None:
    assert [code for code in COUNTRIES if not is_country(code)] == []
    assert {"US", "CA", "GB", "DE", "SE"} <= set(COUNTRIES)
    assert len(set(COUNTRIES)) == len(COUNTRIES)
    assert all(re.fullmatch("[A-Z]{2}", code) for code in COUNTRIES)
