"""Generated lines come out of the database as they went in."""

from __future__ import annotations

import pytest

from benchmarks.lines import generate
from benchmarks.rows import fill
from matching.runs.models import FrozenLine, Side
from matching.runs.queries.frozen import need_of, offer_of
from matching.runs.services import publish, start_run
from tests import world

NEED = ("node", "title", "description", "standards", "requirements", "quantity", "unit", "deliver_until")
OFFER = (
    "node",
    "title",
    "description",
    "properties",
    "certificates",
    "free_capacity",
    "lead_time_days",
)


@pytest.mark.django_db(transaction=True)
def test_what_was_generated_is_matched_and_published() -> None:
    needs, offers = generate(8, 60)
    filled = fill(needs, offers)
    run = world.prepare(start_run(actor=filled.office, round_id=filled.round.pk))
    lines = FrozenLine.objects.filter(run=run)
    frozen = {line.key.rpartition("/")[2]: line for line in lines}
    for need in needs:
        told = need_of(frozen[need.key])
        assert [getattr(told, name) for name in NEED] == [getattr(need, name) for name in NEED]
    for offer in offers:
        given = offer_of(frozen[offer.key])
        assert [getattr(given, name) for name in OFFER] == [getattr(offer, name) for name in OFFER]
    assert lines.filter(side=Side.OFFER).count() == len(offers)
    published = publish(actor=filled.office, run_id=world.compute(run).pk)
    assert published.matches > 0
