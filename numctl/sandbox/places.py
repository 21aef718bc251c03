"""Where the fictional numbers belong: real area codes and localities, so that filters find some."""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

_EARTH_RADIUS_MILES = 3958.8


class Place(NamedTuple):
    """One area code and a locality for it."""

    country: str
    area_code: str
    locality: str
    region: str
    rate_center: str
    lata: str
    latitude: float
    longitude: float
    postal_code: str

    def miles_to(self, latitude: float, longitude: float) -> float:
        """The great-circle distance to a point, by the haversine formula."""
        here, there = math.radians(self.latitude), math.radians(latitude)
        across = math.sin((here - there) / 2) ** 2
        along = math.sin(math.radians(self.longitude - longitude) / 2) ** 2
        return 2 * _EARTH_RADIUS_MILES * math.asin(math.sqrt(across + math.cos(here) * math.cos(there) * along))


PLACES = (
    Place("US", "415", "San Francisco", "CA", "SNFC CNTRL", "722", 37.7749, -122.4194, "94102"),
    Place("US", "510", "Oakland", "CA", "OKLD MN-PD", "722", 37.8044, -122.2712, "94612"),
    Place("US", "408", "San Jose", "CA", "SAN JOSE W", "722", 37.3382, -121.8863, "95113"),
    Place("US", "213", "Los Angeles", "CA", "LSAN DA 01", "730", 34.0522, -118.2437, "90012"),
    Place("US", "619", "San Diego", "CA", "SAN DIEGO", "732", 32.7157, -117.1611, "92101"),
    Place("US", "916", "Sacramento", "CA", "SCRM MAIN", "726", 38.5816, -121.4944, "95814"),
    Place("US", "206", "Seattle", "WA", "SEATTLE", "674", 47.6062, -122.3321, "98101"),
    Place("US", "503", "Portland", "OR", "PORTLAND", "672", 45.5152, -122.6784, "97204"),
    Place("US", "702", "Las Vegas", "NV", "LAS VEGAS", "721", 36.1699, -115.1398, "89101"),
    Place("US", "602", "Phoenix", "AZ", "PHOENIX", "666", 33.4484, -112.0740, "85004"),
    Place("US", "801", "Salt Lake City", "UT", "SALT LAKE", "660", 40.7608, -111.8910, "84111"),
    Place("US", "303", "Denver", "CO", "DENVER", "656", 39.7392, -104.9903, "80202"),
    Place("US", "505", "Albuquerque", "NM", "ALBUQUERQE", "664", 35.0844, -106.6504, "87102"),
    Place("US", "214", "Dallas", "TX", "DALLAS", "552", 32.7767, -96.7970, "75201"),
    Place("US", "713", "Houston", "TX", "HOUSTON", "560", 29.7604, -95.3698, "77002"),
    Place("US", "512", "Austin", "TX", "AUSTIN", "558", 30.2672, -97.7431, "78701"),
    Place("US", "612", "Minneapolis", "MN", "TWINCITIES", "628", 44.9778, -93.2650, "55401"),
    Place("US", "312", "Chicago", "IL", "CHCGZN01", "358", 41.8781, -87.6298, "60601"),
    Place("US", "314", "St. Louis", "MO", "ST LOUIS", "520", 38.6270, -90.1994, "63101"),
    Place("US", "313", "Detroit", "MI", "DETROITZN1", "340", 42.3314, -83.0458, "48226"),
    Place("US", "216", "Cleveland", "OH", "CLEVELAND", "320", 41.4993, -81.6944, "44114"),
    Place("US", "615", "Nashville", "TN", "NASHVILLE", "470", 36.1627, -86.7816, "37201"),
    Place("US", "504", "New Orleans", "LA", "NEWORLEANS", "490", 29.9511, -90.0715, "70112"),
    Place("US", "404", "Atlanta", "GA", "ATLANTA", "438", 33.7490, -84.3880, "30303"),
    Place("US", "305", "Miami", "FL", "MIAMI", "460", 25.7617, -80.1918, "33131"),
    Place("US", "704", "Charlotte", "NC", "CHARLOTTE", "422", 35.2271, -80.8431, "28202"),
    Place("US", "202", "Washington", "DC", "WSHNGTNZN1", "236", 38.9072, -77.0369, "20001"),
    Place("US", "215", "Philadelphia", "PA", "PHLDLPZN01", "228", 39.9526, -75.1652, "19103"),
    Place("US", "212", "New York", "NY", "NWYRCYZN01", "132", 40.7128, -74.0060, "10007"),
    Place("US", "718", "Brooklyn", "NY", "NWYRCYZN08", "132", 40.6782, -73.9442, "11201"),
    Place("US", "617", "Boston", "MA", "BOSTON", "128", 42.3601, -71.0589, "02108"),
    Place("US", "808", "Hilo", "HI", "HILO", "834", 19.7200, -155.0900, "96720"),
    Place("US", "907", "Anchorage", "AK", "ANCHORAGE", "832", 61.2181, -149.9003, "99501"),
    Place("CA", "416", "Toronto", "ON", "TORONTO", "888", 43.6532, -79.3832, "M5H"),
    Place("CA", "613", "Ottawa", "ON", "OTTAWAHULL", "888", 45.4215, -75.6972, "K1P"),
    Place("CA", "514", "Montréal", "QC", "MONTREAL", "888", 45.5019, -73.5674, "H2Y"),
    Place("CA", "604", "Vancouver", "BC", "VANCOUVER", "888", 49.2827, -123.1207, "V6B"),
    Place("CA", "403", "Calgary", "AB", "CALGARY", "888", 51.0447, -114.0719, "T2P"),
    Place("CA", "204", "Winnipeg", "MB", "WINNIPEG", "888", 49.8951, -97.1384, "R3C"),
    Place("CA", "902", "Halifax", "NS", "HALIFAX", "888", 44.6488, -63.5752, "B3J"),
)


@cache
def _by_area_code() -> dict[str, Place]:
    return {place.area_code: place for place in PLACES}


def place_of(phone_number: str) -> Place | None:
    """Where a North American number belongs, if that is known."""
    return _by_area_code().get(phone_number[2:5]) if phone_number.startswith("+1") else None
