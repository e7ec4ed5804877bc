"""A webhook through real workers: killed after the receiver has it, and a broker that is away."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from matching.feeds import services
from matching.feeds.models import WebhookDelivery
from matching.feeds.states import DeliveryState
from tests import factories, world
from tests.feeds.receivers import Receiver, answer, running
from tests.services import WorkerProcess, empty_broker, wait_until


class _Held:
    """Takes the first message and answers only when it is let go; then answers at once."""

    def __init__(self) -> None:
        self.go_on = threading.Event()

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        self.go_on.wait(60)
        answer(200)(handler)


@pytest.fixture
def held() -> _Held:
    return _Held()


@pytest.fixture
def receiver(held: _Held, settings: Settings) -> Iterator[Receiver]:
    with running(held) as one:
        settings.WEBHOOK_LISTED_ORIGINS = [one.origin]
        yield one
        held.go_on.set()


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_with_a_message_under_way_is_followed_by_one_that_sends_the_same(
    receiver: Receiver, held: _Held, tmp_path: Path
) -> None:
    here = world.build()
    empty_broker()
    issued = services.create(
        actor=here.leader,
        organisation_id=factories.firm_of(here.leader).pk,
        url=receiver.url,
        events=["demand_line.changed"],
    )
    # Written while neither worker nor clock runs: nothing but the database knows of it.
    line = factories.make_demand(here.leader, here.chain)
    worker = WorkerProcess(tmp_path, beat=True, WEBHOOK_LISTED_ORIGINS=receiver.origin)
    worker.start()
    try:
        wait_until(lambda: len(receiver.requests) == 1)
        worker.kill()
        delivery = WebhookDelivery.objects.get(endpoint=issued.endpoint)
        assert (delivery.state, delivery.object_id) == (DeliveryState.WAITING, line.pk)
        assert delivery.log.count() == 0
        held.go_on.set()
        # The lease of the dead worker runs out.
        WebhookDelivery.objects.update(leased_until=timezone.now())
        worker.start()
        wait_until(lambda: WebhookDelivery.objects.filter(state=DeliveryState.DELIVERED).exists())
    finally:
        worker.stop()
        empty_broker()
    assert receiver.ids == [delivery.message_id] * 2
    assert len({request.body for request in receiver.requests}) == 1
    delivery.refresh_from_db()
    assert (delivery.token, delivery.log.count()) == (2, 1)
