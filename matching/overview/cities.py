"""Names of cities as the province speaks of them: its own cities without its name."""

from __future__ import annotations

from collections.abc import Iterable

from matching.chains.queries import HOME_PROVINCE, region_names


def city_names(codes: Iterable[str]) -> dict[str, str]:
    """Names by code: 太原市, but 河北省唐山市; two queries."""
    wanted = set(codes)
    names = region_names({*wanted, HOME_PROVINCE})
    home = names[HOME_PROVINCE]
    return {code: names[code].removeprefix(home) or home for code in wanted}
