"""Webhooks: signed, at least once under one id, tried again on a table, and nobody waits for the slow."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings
from standardwebhooks import Webhook, WebhookVerificationError

from accounts.models import Membership, User
from accounts.roles import Role
from matching.errors import Conflict, Forbidden, Invalid
from matching.feeds import services
from matching.feeds.backoff import JITTER, PAUSES
from matching.feeds.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from matching.feeds.sending import Answer
from matching.feeds.services import Issued, claim, delivering, endpoints, fan_out, fanning, pump, settle
from matching.feeds.services.delivering import Lease
from matching.feeds.states import DeliveryState, EndpointAction, EndpointState
from matching.lists.states import LineState
from matching.notices.models import Notice
from tests import factories, world
from tests.feeds.feeding import catch_up
from tests.feeds.receivers import Receiver, running

OK = Answer(200)
DOWN = Answer(error="refused")
EVENTS = ["demand_line.changed", "review.changed"]


@pytest.fixture
def here(db: None, settings: Settings) -> world.World:
    settings.WEBHOOK_LISTED_ORIGINS = []
    return world.build()


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    with running() as one:
        settings.WEBHOOK_LISTED_ORIGINS = [one.origin]
        yield one


def issue(person: User, url: str = "https://erp.example.com/hook", events: list[str] = EVENTS) -> Issued:
    catch_up()
    firm = factories.firm_of(person)
    return services.create(actor=person, organisation_id=firm.pk, url=url, events=events)


def written() -> list[WebhookDelivery]:
    """What has changed becomes messages."""
    catch_up()
    fan_out()
    return list(WebhookDelivery.objects.order_by("created_at", "pk"))


def waiting(here: world.World, count: int = 1) -> tuple[Issued, list[WebhookDelivery]]:
    """A webhook of the leader firm with that many messages."""
    issued = issue(here.leader)
    for _ in range(count):
        factories.make_demand(here.leader, here.chain)
    return issued, written()


def run(say: Callable[[Lease], Answer]) -> int:
    """Send what is due to a receiver in this process."""
    return pump(send=say)


def due(delivery: WebhookDelivery) -> None:
    """Its time has come."""
    WebhookDelivery.objects.filter(pk=delivery.pk).update(due_at=timezone.now())


def not_yet(delivery: WebhookDelivery) -> None:
    """Its time comes when the test is long over."""
    WebhookDelivery.objects.filter(pk=delivery.pk).update(due_at=timezone.now() + timedelta(days=1))


# --- What is sent


def test_a_receiver_can_verify_what_it_gets_and_finds_nothing_secret_in_it(
    here: world.World, receiver: Receiver
) -> None:
    issued = issue(here.leader, receiver.url)
    line = factories.make_demand(here.leader, here.chain, title="机密件", price_ceiling=12)
    (delivery,) = written()
    assert pump() == 1
    (request,) = receiver.requests
    told = Webhook(issued.secret).verify(request.body, request.headers)
    assert told["type"] == "demand_line.changed"
    href = f"http://127.0.0.1:8000/api/v1/demand-lines/{line.pk}/"
    assert told["data"] == {"id": str(line.pk), "href": href, "state": "draft"}
    assert told.keys() == {"type", "timestamp", "data"}
    assert request.headers["webhook-id"] == delivery.message_id
    assert "authorization" not in request.headers
    delivery.refresh_from_db()
    log = delivery.log.get()
    assert (delivery.state, log.status, log.answer) == (DeliveryState.DELIVERED, 200, "ok")
    with pytest.raises(WebhookVerificationError):
        Webhook(issued.secret).verify(request.body + " ", request.headers)


def test_the_signature_is_the_one_of_the_specification() -> None:
    signed = Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").sign(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", datetime.fromtimestamp(1614265330, UTC), '{"test": 2432232314}'
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_after_a_rotation_both_secrets_verify_for_a_day(here: world.World, receiver: Receiver) -> None:
    old = issue(here.leader, receiver.url)
    new = services.rotate(actor=here.leader, endpoint_id=old.endpoint.pk)
    services.send_test(actor=here.leader, endpoint_id=old.endpoint.pk)
    pump()
    for secret in (old.secret, new.secret):
        Webhook(secret).verify(receiver.requests[0].body, receiver.requests[0].headers)
    WebhookEndpoint.objects.update(old_secret_until=timezone.now())
    services.send_test(actor=here.leader, endpoint_id=old.endpoint.pk)
    pump()
    request = receiver.requests[1]
    Webhook(new.secret).verify(request.body, request.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old.secret).verify(request.body, request.headers)


def test_secrets_are_stored_encrypted_and_each_is_another(here: world.World) -> None:
    first, second = issue(here.leader), issue(here.leader)
    assert first.secret != second.secret
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM matching_webhookendpoint")
        stored = [row[0] for row in cursor.fetchall()]
    assert not any(issued.secret[6:] in text for issued in (first, second) for text in stored)
    assert WebhookEndpoint.objects.get(pk=first.endpoint.pk).secret == first.secret


def test_only_chosen_events_of_what_the_organisation_sees_become_messages(here: world.World) -> None:
    for person in (here.leader, here.member, factories.make_user(Role.LEADER_FIRM)):
        issue(person)
    factories.make_demand(here.leader, here.chain)
    factories.make_supply(here.member, here.chain)
    sent = [(row.endpoint.organisation, row.event) for row in written()]
    assert sent == [(factories.firm_of(here.leader), "demand_line.changed")]
    assert written() == written()


def test_what_the_organisation_may_no_longer_see_is_not_sent(here: world.World) -> None:
    firm = factories.firm_of(here.office)
    issue(here.office)
    factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)
    (delivery,) = written()
    Membership.objects.filter(organisation=firm).update(chains=["nev"])
    assert run(lambda _held: OK) == 0
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DROPPED


def test_a_webhook_without_people_stays_where_it_is(here: world.World) -> None:
    issued = issue(here.leader)
    factories.make_demand(here.leader, here.chain)
    User.objects.filter(pk=here.leader.pk).update(is_active=False)
    assert written() == []
    User.objects.filter(pk=here.leader.pk).update(is_active=True)
    assert [row.endpoint_id for row in written()] == [issued.endpoint.pk]


def test_a_name_that_leads_inside_by_now_is_not_sent_to(
    here: world.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = issue(here.leader)
    monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_named: [(0, 0, 0, "", ("10.0.0.7", 443))])
    services.send_test(actor=here.leader, endpoint_id=issued.endpoint.pk)
    assert pump() == 1
    assert WebhookAttempt.objects.get().error == "private"


# --- Failures


def test_every_failure_is_tried_again_as_the_table_says_with_one_id(here: world.World) -> None:
    _issued, (delivery,) = waiting(here)
    ids, bodies, pauses = set(), set(), []

    def down(held: Lease) -> Answer:
        ids.add(held.headers["webhook-id"])
        bodies.add(held.delivery.body)
        return Answer(503, body="maintenance")

    for number in range(1, 11):
        began = timezone.now()
        assert run(down) == 1
        ended = timezone.now()
        delivery.refresh_from_db()
        assert delivery.attempts == number
        pauses.append((delivery.due_at - ended, delivery.due_at - began))
        not_yet(delivery)
        assert run(down) == 0
        due(delivery)
    assert (len(ids), len(bodies)) == (1, 1)
    for planned, (shortest, longest) in zip(PAUSES, pauses[:9], strict=True):
        assert shortest <= planned * (1 + JITTER)
        assert longest >= planned
    assert delivery.state == DeliveryState.FAILED
    assert [row.status for row in delivery.log.all()] == [503] * 10


def test_a_receiver_that_was_down_gets_everything_when_it_is_back(here: world.World) -> None:
    issued, rows = waiting(here, 3)
    for _ in range(3):
        assert run(lambda _held: DOWN) >= 1
        WebhookDelivery.objects.update(due_at=timezone.now())
    got: list[str] = []

    def up(held: Lease) -> Answer:
        got.append(held.headers["webhook-id"])
        return OK

    run(up)
    run(up)
    assert sorted(got) == sorted(row.message_id for row in rows)
    issued.endpoint.refresh_from_db()
    assert issued.endpoint.failing_since is None


def test_after_three_days_of_failures_it_is_switched_off_and_its_people_are_told(here: world.World) -> None:
    issued, (delivery,) = waiting(here)
    run(lambda _held: DOWN)
    WebhookEndpoint.objects.update(failing_since=timezone.now() - timedelta(days=2, hours=23))
    due(delivery)
    run(lambda _held: DOWN)
    issued.endpoint.refresh_from_db()
    assert issued.endpoint.state == EndpointState.ACTIVE
    WebhookEndpoint.objects.update(failing_since=timezone.now() - timedelta(days=3))
    due(delivery)
    run(lambda _held: DOWN)
    issued.endpoint.refresh_from_db()
    assert issued.endpoint.state == EndpointState.DISABLED
    notice = Notice.objects.get(user=here.leader, key__startswith="webhook-disabled")
    assert notice.link == f"/webhooks/{issued.endpoint.pk}/"
    due(delivery)
    assert run(lambda _held: OK) == 0


def test_what_was_missed_while_it_was_off_is_sent_when_it_is_on_again(here: world.World) -> None:
    issued, _rows = waiting(here)
    off: dict[str, Any] = {"actor": here.leader, "endpoint_id": issued.endpoint.pk}
    services.act(**off, action=EndpointAction.PAUSE)
    line = factories.make_demand(here.leader, here.chain)
    assert len(written()) == 1
    assert run(lambda _held: OK) == 0
    with pytest.raises(Conflict):
        services.send_test(**off)
    services.act(**off, action=EndpointAction.RESUME)
    assert [row.object_id for row in written()][1:] == [line.pk]
    assert run(lambda _held: OK) == 2


def test_gone_switches_off_at_once(here: world.World) -> None:
    issued, _rows = waiting(here)
    run(lambda _held: Answer(410))
    issued.endpoint.refresh_from_db()
    assert issued.endpoint.state == EndpointState.DISABLED


# --- Workers


def test_a_worker_that_died_after_the_answer_is_followed_by_another_with_the_same_id(
    here: world.World,
) -> None:
    _issued, (delivery,) = waiting(here)
    (lost,) = claim(limit=10)
    assert claim(limit=10) == []
    WebhookDelivery.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    (taken,) = claim(limit=10)
    assert (taken.token, taken.headers["webhook-id"]) == (lost.token + 1, lost.headers["webhook-id"])
    assert settle(held=lost, answer=DOWN) is False
    assert WebhookAttempt.objects.count() == 0
    assert settle(held=taken, answer=OK) is True
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (DeliveryState.DELIVERED, 1)
    assert settle(held=taken, answer=OK) is False


def test_without_the_token_a_late_worker_would_write_over_the_result(
    here: world.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting(here)
    (lost,) = claim(limit=10)
    WebhookDelivery.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    (taken,) = claim(limit=10)
    forged = Lease(lost.delivery, taken.token, lost.target, lost.headers)
    assert settle(held=forged, answer=DOWN) is True
    assert settle(held=taken, answer=OK) is True
    assert WebhookAttempt.objects.count() == 2


def test_a_slow_receiver_holds_up_nobody_else(here: world.World) -> None:
    slow, quick = issue(here.leader), issue(here.office)
    for _ in range(12):
        factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)
    written()
    others_done, most = threading.Event(), []
    lock, busy, quick_done = threading.Lock(), 0, 0

    def say(held: Lease) -> Answer:
        nonlocal busy, quick_done
        if held.delivery.endpoint_id == quick.endpoint.pk:
            with lock:
                quick_done += 1
                if quick_done == 12:
                    others_done.set()
            return OK
        with lock:
            busy += 1
            most.append(busy)
        # Would never end if the quick receiver's messages had to wait for it.
        assert others_done.wait(30)
        with lock:
            busy -= 1
        return OK

    assert run(say) == 24
    assert max(most) == delivering.AT_ONCE
    assert slow.endpoint.deliveries.filter(state=DeliveryState.DELIVERED).count() == 12


def test_to_a_receiver_that_fails_there_is_one_request_at_a_time(here: world.World) -> None:
    waiting(here, 6)
    assert len(claim(limit=10)) == delivering.AT_ONCE
    WebhookDelivery.objects.update(leased_until=None)
    WebhookEndpoint.objects.update(failing_since=timezone.now())
    assert len(claim(limit=10)) == 1
    assert claim(limit=10) == []


def test_only_so_many_messages_wait_and_none_is_lost(
    here: world.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fanning, "MOST_WAITING", 3)
    _issued, rows = waiting(here, 8)
    assert len(rows) == 3
    sent = 0
    while done := run(lambda _held: OK):
        sent += done
        written()
    assert sent == 8
    assert WebhookDelivery.objects.values("object_id").distinct().count() == 8


def test_old_messages_go_with_their_log_and_waiting_ones_stay(here: world.World) -> None:
    _issued, rows = waiting(here, 2)
    run(lambda held: OK if held.delivery.pk == rows[0].pk else DOWN)
    assert services.forget(before=timezone.now() + timedelta(seconds=1)) == 1
    assert list(WebhookDelivery.objects.values_list("pk", flat=True)) == [rows[1].pk]
    assert WebhookAttempt.objects.count() == 1


# --- People


def test_a_message_is_sent_again_with_the_same_id_and_body(here: world.World) -> None:
    issued, (delivery,) = waiting(here)
    got: list[tuple[str, str]] = []

    def say(held: Lease) -> Answer:
        got.append((held.headers["webhook-id"], held.delivery.body))
        return OK

    run(say)
    services.replay(actor=here.leader, delivery_id=delivery.pk)
    with pytest.raises(Conflict):
        services.replay(actor=here.leader, delivery_id=delivery.pk)
    run(say)
    hour = timedelta(hours=1)
    again: dict[str, Any] = {"actor": here.leader, "endpoint_id": issued.endpoint.pk}
    assert services.replay_since(**again, since=timezone.now() + hour) == 0
    assert services.replay_since(**again, since=timezone.now() - hour) == 1
    run(say)
    assert len(got) == 3
    assert len(set(got)) == 1
    assert json.loads(got[0][1])["type"] == "demand_line.changed"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"url": "http://erp.example.com/"}, "url"),
        ({"url": "https://127.0.0.1/"}, "url"),
        ({"url": "https://erp.example.com:22/"}, "url"),
        ({"events": []}, "events"),
        ({"events": ["match.changed"]}, "events"),
    ],
)
def test_a_bad_address_or_event_is_told(here: world.World, values: dict[str, Any], field: str) -> None:
    wanted = {"url": "https://erp.example.com/", "events": EVENTS, **values}
    firm = factories.firm_of(here.leader)
    with pytest.raises(Invalid) as refused:
        services.create(actor=here.leader, organisation_id=firm.pk, **wanted)
    assert list(refused.value.fields) == [field]


def test_strangers_and_colleagues_of_a_narrower_role_manage_nothing(here: world.World) -> None:
    issued = issue(here.office)
    office = factories.firm_of(here.office)
    wider = factories.make_user(Role.CHAIN_OFFICE, office)
    narrower = factories.make_user(Role.CHAIN_OFFICE, office, chains=("nev",))
    other_role = factories.make_user(Role.CHAIN_HEAD, office)
    seen = [
        WebhookEndpoint.objects.visible_to(person).count()
        for person in (here.office, wider, narrower, other_role, here.leader)
    ]
    assert seen == [1, 1, 0, 0, 0]
    for person in (narrower, other_role, here.leader):
        with pytest.raises(Forbidden):
            services.rotate(actor=person, endpoint_id=issued.endpoint.pk)
    with pytest.raises(Forbidden):
        services.create(actor=here.leader, organisation_id=office.pk, url="https://a.cn/", events=EVENTS)


def test_an_organisation_has_only_so_many(here: world.World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoints, "MOST", 2)
    issue(here.leader)
    issue(here.leader)
    with pytest.raises(Conflict):
        issue(here.leader)
