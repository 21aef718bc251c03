"""Which host answers which product."""

from __future__ import annotations

import pytest

from numctl.api.hosts import origins_of, single_origin
from numctl.model.regions import Product


@pytest.mark.parametrize(
    ("product", "region", "edge", "url"),
    [
        ("api", None, None, "https://api.twilio.com"),
        ("pricing", "us1", None, "https://pricing.twilio.com"),
        ("api", "ie1", "dublin", "https://api.dublin.ie1.twilio.com"),
        ("messaging", "au1", "sydney", "https://messaging.sydney.au1.twilio.com"),
    ],
)
def test_each_product_has_its_host_in_the_region(
    product: Product, region: str | None, edge: str | None, url: str
) -> None:
    api = "https://api.twilio.com" if edge is None else f"https://api.{edge}.{region}.twilio.com"
    assert origins_of(api, region, edge)(product) == url


@pytest.mark.parametrize("product", ["api", "trunking"])
def test_one_origin_answers_for_all_where_it_is_not_the_service_s_own(product: Product) -> None:
    assert origins_of("http://127.0.0.1:8080", None, None)(product) == "http://127.0.0.1:8080"
    assert single_origin("https://user:secret@sandbox.invalid/")(product) == "https://sandbox.invalid"
