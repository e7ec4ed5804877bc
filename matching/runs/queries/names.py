"""Titles of a run's frozen lines, and names of the firms that they belong to."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from accounts.models import Organisation
from accounts.roles import OrganisationKind
from matching.disclosure.services import saw_place
from matching.runs.models import FrozenLine


def frozen_titles(run_id: uuid.UUID, keys: Iterable[str]) -> dict[str, str]:
    """Titles of these lines, as they were when the run began; one query."""
    frozen = FrozenLine.objects.filter(run_id=run_id, key__in=set(keys))
    return dict(frozen.values_list("key", "title"))


def titles_of(run_id: uuid.UUID, keys: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Product and firm of these lines, as they were when the run began; two queries."""
    titles = frozen_titles(run_id, keys)
    firms = firm_names(titles)
    return {key: (title, firms[key]) for key, title in titles.items()}


def firm_names(keys: Iterable[str]) -> dict[str, str]:
    """Names of the firms whose lines these are, empty for a code that nobody has; one query.

    That these lines are shown with their firms is noted for each firm.
    """
    codes = {key: key.partition("/")[0] for key in keys}
    firms = {firm.uscc: firm for firm in Organisation.objects.filter(uscc__in=set(codes.values()))}
    for key, code in codes.items():
        if firm := firms.get(code):
            side = "demand" if firm.kind == OrganisationKind.LEADER_FIRM else "supply"
            saw_place((firm.pk, side, None, key.partition("/")[2]))
    return {key: firms[code].name if code in firms else "" for key, code in codes.items()}
