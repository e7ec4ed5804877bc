"""A firm joins: its form, its mailbox, its city; and what nobody learns on the way."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from unittest.mock import Mock

import pytest
from celery.exceptions import Retry
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership, Organisation, User
from accounts.roles import OrganisationKind, Role
from matching.chains.models import Region
from matching.errors import Conflict, Invalid
from matching.joining import services, tasks
from matching.joining.models import JoinRequest, JoinStep
from matching.joining.services import MOST_A_DAY
from matching.joining.states import JoinState
from matching.notices.models import Notice, OutboxMessage
from matching.overview.work import tasks as waiting_tasks
from tests import factories

pytestmark = pytest.mark.django_db
CODE = factories.credit_code(77_001)


@pytest.fixture(autouse=True)
def _programme() -> None:
    cache.clear()
    factories.make_chain()
    province = Region.objects.create(code="14", name="山西省", level="province")
    other = Region.objects.create(code="13", name="河北省", level="province")
    Region.objects.create(code="1302", name="唐山市", level="city", parent=other)
    city = Region.objects.create(code="1401", name="太原市", level="city", parent=province)
    Region.objects.create(code="140105", name="小店区", level="county", parent=city)


@pytest.fixture
def city() -> User:
    """The task force of 太原."""
    return factories.make_user(Role.CITY_TASK_FORCE, regions=("1401",))


def typed(**changed: Any) -> dict[str, Any]:
    """What a visitor types."""
    return {
        "kind": "member_firm",
        "name": "示例新材料有限公司",
        "uscc": CODE,
        "province": "14",
        "region": "140105",
        "chains": ["photovoltaic"],
        "contact_name": "王某",
        "phone": "0351-1234567",
        "email": "wang@example.com",
        "consent": "on",
        **changed,
    }


def visitor(language: str = "en") -> Client:
    """A browser of somebody who has not signed in."""
    client = Client()
    client.cookies["django_language"] = language
    return client


def signed_in(user: User) -> Client:
    """A browser of an office."""
    client = visitor()
    client.force_login(user)
    return client


def link() -> str:
    """Do the worker's part and follow the newest e-mail."""
    for message in OutboxMessage.objects.filter(task="joining.mail", sent_at=None).order_by("pk"):
        tasks.mail(*message.arguments)
        message.delete()
    found = re.search(r"https?://[^/]+(/\S+)", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def requested(**changed: Any) -> JoinRequest:
    """A request whose address is confirmed."""
    assert visitor().post(reverse("join"), typed(**changed)).status_code == 303
    assert visitor().post(link()).status_code == 303
    return JoinRequest.objects.get(uscc=changed.get("uscc", CODE), state=JoinState.REQUESTED)


def test_from_the_form_to_the_first_sign_in(city: User) -> None:
    request = requested()
    queue = signed_in(city).get(reverse("join_queue")).content.decode()
    assert "示例新材料有限公司" in queue
    assert "山西省太原市小店区" in queue
    signed_in(city).post(reverse("join_act", args=[request.pk]), {"action": "verify"})
    request.refresh_from_db()
    firm = Organisation.objects.get(uscc=CODE)
    assert (request.state, request.organisation) == (JoinState.VERIFIED, firm)
    assert (firm.kind, firm.name, firm.region) == ("member_firm", "示例新材料有限公司", "140105")
    account = Membership.objects.get(organisation=firm, role=Role.MEMBER_FIRM).user
    assert (account.email, account.phone, account.has_usable_password()) == (
        "wang@example.com",
        "0351-1234567",
        False,
    )
    firms_browser = visitor()
    page = firms_browser.get(link(), follow=True)
    word = "ein langes Kennwort 7"
    done = firms_browser.post(page.redirect_chain[-1][0], {"password1": word, "password2": word}, follow=True)
    assert f'href="{reverse("account_login")}"' in done.content.decode().partition("<main")[2]
    account.refresh_from_db()
    assert account.check_password(word)
    assert visitor().login(username="wang@example.com", password=word)


def test_opening_the_link_changes_nothing_and_it_works_once() -> None:
    visitor().post(reverse("join"), typed())
    address = link()
    assert visitor().get(address).status_code == 200
    assert JoinRequest.objects.get().state == JoinState.UNCONFIRMED
    assert visitor().post(address).status_code == 303
    assert [visitor().get(address).status_code, visitor().post(address).status_code] == [404, 404]


def test_every_step_is_recorded_for_good(city: User) -> None:
    request = requested()
    services.send_back(actor=city, request_id=request.pk, reason="名称与执照不符")
    services.resubmit(request_id=request.pk, values={"name": "示例新材料股份有限公司"})
    services.verify(actor=city, request_id=request.pk)
    steps = list(request.steps.values_list("action", "after", "actor", "reason"))
    assert steps == [
        ("confirm", "requested", None, ""),
        ("return", "returned", city.pk, "名称与执照不符"),
        ("resubmit", "requested", None, ""),
        ("verify", "verified", city.pk, ""),
    ]
    for change in (lambda: JoinStep.objects.update(reason=""), lambda: JoinStep.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_returned_request_is_corrected_by_its_link(city: User) -> None:
    request = requested()
    signed_in(city).post(
        reverse("join_act", args=[request.pk]), {"action": "return", "reason": "名称与执照不符"}
    )
    address = link()
    page = visitor().get(address).content.decode()
    assert "名称与执照不符" in page
    assert 'value="示例新材料有限公司"' in page
    wrong = visitor().post(address, typed(name=""))
    assert wrong.status_code == 422
    answer = visitor().post(address, typed(name="示例新材料股份有限公司", email="other@example.com"))
    assert answer.status_code == 303
    request.refresh_from_db()
    assert (request.state, request.name, request.email) == (
        JoinState.REQUESTED,
        "示例新材料股份有限公司",
        "wang@example.com",
    )
    assert visitor().get(address).status_code == 404


def test_what_was_corrected_meanwhile_is_not_verified_unseen(city: User) -> None:
    request = requested()
    clerk = signed_in(city)
    page = clerk.get(reverse("join_queue")).content.decode()
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', page)
    services.send_back(actor=city, request_id=request.pk, reason="名称与执照不符")
    services.resubmit(request_id=request.pk, values={"name": "另一家有限公司"})
    address = reverse("join_act", args=[request.pk])
    told = clerk.post(address, {"action": "verify", "seen": unescape(seen)}, follow=True).content.decode()
    assert "corrected its request meanwhile" in told
    assert Organisation.objects.filter(uscc=CODE).count() == 0
    (now,) = re.findall(r'name="seen" value="([^"]+)"', told)
    clerk.post(address, {"action": "verify", "seen": unescape(now)})
    assert Organisation.objects.get(uscc=CODE).name == "另一家有限公司"


def test_enter_in_the_reason_never_verifies(city: User) -> None:
    requested()
    page = signed_in(city).get(reverse("join_queue")).content.decode()
    (form,) = [form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if 'name="reason"' in form]
    assert re.findall(r'name="action"\s+value="([^"]*)"', form) == ["return"]


def test_the_second_clerk_learns_that_the_first_has_verified(city: User) -> None:
    request = requested()
    services.verify(actor=city, request_id=request.pk)
    with pytest.raises(Conflict) as refused:
        services.verify(actor=city, request_id=request.pk)
    assert refused.value.code == "illegal_transition"


@pytest.mark.parametrize(
    "name", ["中奖 https://example.org/x", "www.example.org 客服", "示例\r\n请点击", "HTTP://example.org"]
)
@pytest.mark.parametrize("field", ["name", "contact_name"])
def test_nobody_sends_links_to_strangers_in_our_name(field: str, name: str) -> None:
    assert visitor().post(reverse("join"), typed(**{field: name})).status_code == 422
    assert JoinRequest.objects.count() == 0


def test_an_e_mail_that_the_server_refuses_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    visitor().post(reverse("join"), typed())
    (message,) = OutboxMessage.objects.filter(task="joining.mail")
    with monkeypatch.context() as patched:
        patched.setattr(tasks, "send_mail", Mock(side_effect=ConnectionRefusedError))
        again = Mock(side_effect=Retry)
        patched.setattr(tasks.mail, "retry", again)
        with pytest.raises(Retry):
            tasks.mail(*message.arguments)
    assert again.call_count == 1
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"] > tasks.RETRY_SECONDS


def test_returning_needs_a_reason(city: User) -> None:
    request = requested()
    with pytest.raises(Invalid):
        services.send_back(actor=city, request_id=request.pk, reason="  ")
    assert JoinRequest.objects.get().state == JoinState.REQUESTED


def _answer(**changed: Any) -> tuple[int, str, str]:
    response = visitor().post(reverse("join"), typed(**changed))
    return response.status_code, response["Location"], response.content.decode()


def test_a_visitor_does_not_learn_which_firms_and_addresses_are_known(city: User) -> None:
    known = factories.make_firm(OrganisationKind.MEMBER_FIRM)
    User.objects.filter(pk=city.pk).update(email="known@example.com")
    assert _answer() == _answer(uscc=known.uscc) == _answer(email="known@example.com")


def test_a_firm_that_is_registered_is_never_joined_by_a_stranger(city: User) -> None:
    known = factories.make_firm(OrganisationKind.MEMBER_FIRM)
    request = requested(uscc=known.uscc)
    assert "registered already" in signed_in(city).get(reverse("join_queue")).content.decode()
    with pytest.raises(Conflict):
        services.verify(actor=city, request_id=request.pk)
    assert Membership.objects.filter(organisation=known).count() == 0
    assert JoinRequest.objects.get(pk=request.pk).state == JoinState.REQUESTED


def test_an_account_is_not_taken_over_by_its_address(city: User) -> None:
    User.objects.filter(pk=city.pk).update(email="WANG@example.com")
    request = requested()
    with pytest.raises(Conflict):
        services.verify(actor=city, request_id=request.pk)
    assert Organisation.objects.filter(uscc=CODE).count() == 0


def test_of_two_requests_with_one_code_one_is_verified(city: User) -> None:
    first, second = requested(), requested_again()
    services.verify(actor=city, request_id=first.pk)
    for request in (first, second):
        with pytest.raises(Conflict):
            services.verify(actor=city, request_id=request.pk)
    assert Organisation.objects.filter(uscc=CODE).count() == 1


def requested_again() -> JoinRequest:
    """A second request with the same code, from another mailbox."""
    return factories.make_join_request(factories.make_chain(), uscc=CODE)


def _seen(user: User) -> int:
    return JoinRequest.objects.visible_to(user).count()


def test_the_city_verifies_and_the_chain_office_where_there_is_none() -> None:
    office = factories.make_user(Role.CHAIN_OFFICE, chains=("photovoltaic",))
    other_office = factories.make_user(Role.CHAIN_OFFICE, chains=("nev",))
    head, firm = (factories.make_user(role) for role in (Role.CHAIN_HEAD, Role.MEMBER_FIRM))
    people = [office, other_office, head, firm]
    requested()
    assert [_seen(user) for user in people] == [1, 0, 0, 0]
    assert Notice.objects.get().user == office
    elsewhere = factories.make_user(Role.CITY_TASK_FORCE, regions=("1402",))
    assert [_seen(user) for user in (office, elsewhere)] == [1, 0]
    here = factories.make_user(Role.CITY_TASK_FORCE, regions=("1401",))
    assert [_seen(User.objects.get(pk=user.pk)) for user in (office, here)] == [0, 1]


def test_unconfirmed_requests_are_nobodys_work(city: User) -> None:
    visitor().post(reverse("join"), typed())
    assert _seen(city) == 0
    visitor().post(link())
    assert [task.count for task in waiting_tasks(city) if task.code == "join"] == [1]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (CODE[:-1], "this one has 17"),
        (CODE[:-1] + ("A" if CODE[-1] != "A" else "B"), "check character"),
        ("I" * 18, "without I, O, S, V and Z"),
    ],
)
def test_what_is_wrong_with_a_credit_code_is_said_and_nothing_typed_is_lost(code: str, words: str) -> None:
    response = visitor().post(reverse("join"), typed(uscc=code))
    page = response.content.decode()
    assert (response.status_code, JoinRequest.objects.count()) == (422, 0)
    assert words in page
    assert 'value="王某"' in page
    assert f'value="{code}"' in page


def test_a_code_with_spaces_and_small_letters_is_understood() -> None:
    spaced = f" {CODE[:8].lower()} {CODE[8:].lower()} "
    visitor().post(reverse("join"), typed(uscc=spaced))
    assert JoinRequest.objects.get().uscc == CODE


def test_consent_is_needed() -> None:
    assert visitor().post(reverse("join"), typed(consent="")).status_code == 422


def test_without_javascript_a_button_brings_the_cities_and_keeps_what_was_typed() -> None:
    response = visitor().post(reverse("join"), typed(province="13", region="", narrow="1"))
    page = response.content.decode()
    assert (response.status_code, JoinRequest.objects.count()) == (200, 0)
    assert "唐山市" in page
    assert "小店区" not in page
    assert 'value="示例新材料有限公司"' in page
    assert "唐山市" in visitor().get(f"{reverse('join_places')}?province=13").content.decode()


def test_one_place_asks_ten_times_an_hour_and_loses_nothing() -> None:
    answers = [
        visitor().post(reverse("join"), typed(email=f"firm{number}@example.com")) for number in range(11)
    ]
    assert [answer.status_code for answer in answers] == [303] * 10 + [429]
    assert 'value="firm10@example.com"' in answers[-1].content.decode()


def test_one_mailbox_is_written_to_a_few_times_a_day() -> None:
    answers = {_answer() for _ in range(MOST_A_DAY + 2)}
    assert len(answers) == 1
    assert (JoinRequest.objects.count(), OutboxMessage.objects.count()) == (MOST_A_DAY, MOST_A_DAY)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_e_mails_are_in_the_language_of_the_form(language: str) -> None:
    visitor(language).post(reverse("join"), typed())
    link()
    wanted = {"zh-hans": "ChainMatch：请确认邮箱", "en": "ChainMatch: confirm your e-mail address"}
    assert mail.outbox[-1].subject == wanted[language]


def _asked(client: Client) -> int:
    with CaptureQueriesContext(connection) as caught:
        client.get(reverse("join_queue"))
    return len(caught)


def test_the_queue_asks_a_constant_number_of_queries(city: User) -> None:
    client = signed_in(city)
    factories.make_join_request(factories.make_chain())
    before = _asked(client)
    for _ in range(3):
        factories.make_join_request(factories.make_chain())
    assert _asked(client) == before
