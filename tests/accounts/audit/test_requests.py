"""An id leads from a request to its lines of the log, its entries of the audit and the tasks it ordered."""

from __future__ import annotations

import logging
import re

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from rest_framework.test import APIClient

from accounts.audit.context import Acting, RequestIdFilter, acting, current
from accounts.audit.models import AuditEntry
from accounts.audit.requests import RequestMiddleware
from accounts.roles import Role
from matching.notices.models import OutboxMessage
from matching.notices.services import deliver, enqueue
from tests import factories

ID = "erp-2026.11_22"


def test_a_given_id_is_kept_and_an_unsafe_one_replaced() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(current().request_id)

    def ask(given: str) -> HttpResponse:
        request: WSGIRequest = RequestFactory().get("/", headers={"X-Request-ID": given})
        return RequestMiddleware(view)(request)

    kept = ask(ID)
    assert (kept.headers["X-Request-ID"], kept.content.decode()) == (ID, ID)
    for unsafe in ("", "short", "a" * 65, "id with spaces", "id\x1f12345678", "编号编号编号编号"):
        made = ask(unsafe)
        assert re.fullmatch("[0-9a-f]{32}", made.headers["X-Request-ID"])
        assert made.content.decode() == made.headers["X-Request-ID"]
    assert current() == Acting()


def test_lines_of_the_log_carry_it() -> None:
    record = logging.makeLogRecord({"msg": "hello"})
    with acting(request_id=ID):
        assert RequestIdFilter().filter(record)
    assert record.__dict__["request_id"] == ID


@pytest.mark.django_db
def test_a_session_is_told_with_its_person() -> None:
    user = factories.make_user(Role.MEMBER_FIRM)
    browser = Client(headers={"X-Request-ID": ID})
    browser.force_login(user)
    AuditEntry.objects.all().delete()
    assert browser.post("/language/", {"language": "en"}).status_code == 302
    told = AuditEntry.objects.get(request_id=ID)
    assert (told.actor, told.via, told.credential) == (user.pk, "session", "")
    assert (told.table, told.object_id, told.after) == ("accounts_user", str(user.pk), {"language": "en"})


@pytest.mark.django_db
def test_a_token_is_told_by_its_id_and_never_itself() -> None:
    user = factories.make_user(Role.MEMBER_FIRM)
    token, secret = factories.make_token(user)
    client = APIClient(headers={"authorization": f"Bearer {secret}", "X-Request-ID": ID})
    assert client.patch("/api/v1/me/", {"language": "en"}).status_code == 200
    told = AuditEntry.objects.get(request_id=ID)
    assert (told.actor, told.via, told.credential) == (user.pk, "token", str(token.pk))
    everything = str(list(AuditEntry.objects.values()))
    assert secret not in everything
    assert token.digest not in everything


@pytest.mark.django_db
def test_what_a_person_orders_is_handed_on_as_theirs() -> None:
    with acting(actor_id=5, via="session", request_id=ID):
        enqueue(task="some.task", arguments=[1])
    enqueue(task="some.task", arguments=[2])
    kept = OutboxMessage.objects.order_by("pk").values_list("actor", "request_id")
    assert list(kept) == [(5, ID), (None, "")]
    sent = []
    deliver(send=lambda task, arguments: sent.append((arguments, current())))
    assert sent == [
        (["1"], Acting(actor_id=5, via="task", request_id=ID)),
        (["2"], Acting(via="task")),
    ]
