"""Titles of a run's frozen lines, and names of the firms that they belong to."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from accounts.models import Organisation
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
    """Names of the firms whose lines these are, empty for a code that nobody has; one query."""
    codes = {key: key.partition("/")[0] for key in keys}
    names = dict(Organisation.objects.filter(uscc__in=set(codes.values())).values_list("uscc", "name"))
    return {key: names.get(code) or "" for key, code in codes.items()}
