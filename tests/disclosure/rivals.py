"""The story with two buyers and two sellers who are rivals, each with secrets that stand nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from matching.lists.models import DemandLine, SupplyLine
from matching.lists.states import LineState
from matching.runs.models import Match
from matching.runs.services import publish, start_run
from tests import factories, world
from tests.api.story import Story, tell
from tests.disclosure.crawling import firm

SECRETS = {
    "leader": {"price_ceiling": "8173.4192"},
    "other_leader": {"price_ceiling": "9444.8123"},
    "member": {"price_low": "7091.7713", "price_high": "7092.6617", "free_capacity": "654321.9371"},
    "other_member": {"price_low": "7555.3391", "price_high": "7556.1187", "free_capacity": "876543.2179"},
}
OWNERS = {"leader": "leader", "integrator": "leader", **{name: name for name in SECRETS}}
"""Parts that may read the secrets of one firm; the chain's office reads all, everybody else none."""


def tell_rivals() -> Story:
    """Everybody's lines with their secrets; matched and published by ``match_and_publish``."""
    story = tell()
    here = story.world
    values: dict[str, dict[str, Any]] = {
        part: {name: Decimal(text) for name, text in told.items()} for part, told in SECRETS.items()
    }
    for part in ("member", "other_member"):
        values[part]["capacity"] = Decimal(2_000_000)
    for part, make in (("other_leader", factories.make_demand), ("other_member", factories.make_supply)):
        person = story.people[part]
        assert person is not None
        make(person, here.chain, state=LineState.VERIFIED, **values[part])
    DemandLine.objects.filter(organisation=firm(story, "leader")).update(**values["leader"])
    SupplyLine.objects.filter(organisation=firm(story, "member")).update(**values["member"])
    return story


def match_and_publish(story: Story) -> None:
    """A run over the secrets as they are now, and its list; the story's names lead there."""
    here = story.world
    run = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    with connection.cursor() as cursor:
        # Equal pairs are listed by their ids, which are drawn by lot: here the same in every world.
        mixed = "md5(demand_id::text || supply_id::text)::uuid"
        cursor.execute(f"UPDATE matching_match SET id = {mixed} WHERE run_id = %s", [run.pk])
    matches = Match.objects.filter(run=run).order_by("demand__key", "supply__key")
    mine = matches.filter(demand__organisation=firm(story, "leader"))[0]
    published = publish(actor=here.office, run_id=run.pk)
    story.names |= {
        **{"run": run.pk, "list": published.pk, "match": mine.pk},
        **{"run_demand": mine.demand_id, "run_supply": mine.supply_id},
    }


def pattern_of(part: str) -> re.Pattern[str]:
    """A firm's secrets as a page, a file or an answer might write them, rounded or with commas."""
    written = [f"{whole[:-3]},?{whole[-3:]}\\.{rest[0]}" for whole, rest in _numbers(part)]
    return re.compile(rf"(?<![\w.])(?:{'|'.join(written)})")


def _numbers(part: str) -> list[list[str]]:
    return [text.split(".") for text in SECRETS[part].values()]


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside did not happen."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


_VARYING = (
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|\+\d\d:?\d\d)?"), "WHEN"),
    (re.compile(r"\b\d\d:\d\d(:\d\d)?\b"), "TIME"),
    (re.compile(r"(csrfmiddlewaretoken\" value=\"|X-CSRFToken\": \")\w+"), "CSRF"),
    # An ETag is a hash of the whole body, with all that is taken out of it here.
    (
        re.compile(
            r"(?mi)^(set-cookie|expires|x-request-id|last-modified|date|content-length|etag|ratelimit): .*$"
        ),
        "HEADER",
    ),
    (re.compile(r"urn:chainmatch:request:[\w.-]+"), "REQUEST"),
    # Cursors are encrypted anew each time; sessions are one's own, by their digests.
    (re.compile(r"gAAAA[\w=-]+"), "SEALED"),
    (re.compile(r"(\"digest\": \"|name=\"session\"\s+value=\")[0-9a-f]{64}"), "SESSION"),
    (re.compile(r"(\"id\":)\d+"), "NUMBER"),
)
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def same_for_all(text: str) -> str:
    """An answer without what differs from one asking to the next: clocks, tokens of forms, fresh ids."""
    for pattern, stand_in in _VARYING:
        text = pattern.sub(stand_in, text)
    seen: dict[str, int] = {}
    return _ID.sub(lambda found: f"ID{seen.setdefault(found[0], len(seen))}", text)
