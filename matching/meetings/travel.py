"""How long it takes from one city to another, as people write it: 太原市-大同市 180, 1401-1403 60."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_ONE = re.compile(r"(\S+?)\s*[-–—－至]\s*(\S+?)\s*[ :：]\s*(\d{1,3})")
_CITY = re.compile(r"\d{4}")
MOST_MINUTES = 480
MOST_PAIRS = 200


def pair_of(one: str, other: str) -> str:
    """The key of two cities' codes, either way."""
    return "-".join(sorted((one, other)))


def are_travel_times(value: object) -> bool:
    """Whether it maps pairs of different cities, in the order of their codes, to minutes from 0 to 480."""
    return (
        isinstance(value, dict)
        and len(value) <= MOST_PAIRS
        and all(
            _is_pair(key) and type(minutes) is int and 0 <= minutes <= MOST_MINUTES
            for key, minutes in value.items()
        )
    )


def _is_pair(key: object) -> bool:
    cities = key.split("-") if isinstance(key, str) else []
    return len(cities) == 2 and cities[0] < cities[1] and all(_CITY.fullmatch(city) for city in cities)


def cities_of(times: Iterable[str]) -> set[str]:
    """Codes of all cities that are named."""
    return {city for key in times for city in key.split("-")}


def read_travel_times(text: str, codes: Mapping[str, str]) -> dict[str, int]:
    """From what a person wrote; ``codes`` are the codes of cities by their names.

    Raises ValueError for anything else.
    """
    found: dict[str, int] = {}
    for part in filter(None, (part.strip() for part in re.split(r"[,，、;；\n]", text))):
        match = _ONE.fullmatch(part)
        one, other = (_code(match[1], codes), _code(match[2], codes)) if match else ("", "")
        if match is None or one == other or int(match[3]) > MOST_MINUTES:
            raise ValueError(part)
        found[pair_of(one, other)] = int(match[3])
    if len(found) > MOST_PAIRS:
        raise ValueError(text)
    return found


def _code(city: str, codes: Mapping[str, str]) -> str:
    """Raises ValueError for a city that is not known."""
    found = city if city in codes.values() else codes.get(city) or codes.get(f"{city}市")
    if found is None:
        raise ValueError(city)
    return found


def show_travel_times(times: Mapping[str, int], names: Mapping[str, str]) -> str:
    """As a person would write it, with the names of cities."""
    told = (
        ("-".join(names.get(city, city) for city in key.split("-")), minutes)
        for key, minutes in sorted(times.items())
    )
    return ", ".join(f"{pair} {minutes}" for pair, minutes in told)
