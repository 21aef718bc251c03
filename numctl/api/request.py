"""Request: one request to the service, as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from numctl.model.regions import Product


@dataclass(frozen=True, slots=True)
class Request:
    """One request to a product's host; parameters and form by their wire names.

    A change that is not `repeatable` (a purchase) is sent again only if it provably did nothing.
    """

    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    repeatable: bool = True
    product: Product = "api"

    @property
    def reads(self) -> bool:
        """Whether it only reads."""
        return self.method == "GET"
