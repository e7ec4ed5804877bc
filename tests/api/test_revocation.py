"""What is revoked while jobs are queued: the next request is refused, the job looks again and stops."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.credentials import services as credentials
from accounts.models import Application, Membership, PersonalToken, User
from accounts.roles import Role
from matching.lists.models import DemandLine
from matching.lists.states import LineState
from matching.people import services as people
from matching.runs.models import MatchingRun, Shard
from matching.runs.services import run_shard
from matching.runs.states import RunState
from matching.uploads.models import Upload
from matching.uploads.services import work
from matching.uploads.states import UploadState
from tests import factories, world
from tests.accounts.credentials.test_applications import access_token
from tests.accounts.credentials.test_tokens import bearer
from tests.api.story import API

Way = Callable[[User], APIClient]
SHEET = "条目编号,产业链,需求名称,数量,单位\nA1,光伏,硅片,5,片\n".encode()


def by_token(person: User) -> APIClient:
    """With a personal token."""
    return bearer(factories.make_token(person)[1])


def by_application(person: User) -> APIClient:
    """With an access token of an application that the person made."""
    return bearer(access_token(*factories.make_application(person)))


def _nothing(person: User) -> None:
    """The control."""


def _token(person: User) -> None:
    PersonalToken.objects.filter(user=person).delete()


def _account(person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)


def _role(person: User) -> None:
    Membership.objects.filter(user=person).update(is_active=False)


def _role_on_its_page(person: User) -> None:
    administrator = factories.make_user(Role.SYSTEM_ADMIN)
    people.end_role(actor=administrator, membership_id=person.memberships.get().pk)


def _role_by_a_colleague(person: User) -> None:
    held = person.memberships.get()
    colleague = factories.make_user(Role(held.role), held.organisation, chains=tuple(held.chains))
    people.end_role(actor=colleague, membership_id=held.pk)


def _account_on_its_page(person: User) -> None:
    people.end_account(actor=factories.make_user(Role.SYSTEM_ADMIN), person_id=person.pk)


def _switched_off(person: User) -> None:
    people.switch_off(actor=factories.make_user(Role.SECURITY_ADMIN), person_id=person.pk)


def _application(person: User) -> None:
    application = Application.objects.get(created_by=person)
    credentials.revoke_application(actor=person, client_id=application.client_id)


def _role_of_application(person: User) -> None:
    Membership.objects.filter(user=Application.objects.get(created_by=person).user).update(is_active=False)


STOPPED = [
    pytest.param(by_token, _token, id="token"),
    pytest.param(by_token, _account, id="account"),
    pytest.param(by_token, _role, id="role"),
    pytest.param(by_token, _role_on_its_page, id="role-ended"),
    pytest.param(by_token, _account_on_its_page, id="account-ended"),
    pytest.param(by_token, _switched_off, id="switched-off"),
    pytest.param(by_application, _application, id="application"),
    pytest.param(by_application, _role_of_application, id="role-of-application"),
]
BY_FIRM = [pytest.param(by_token, _role_by_a_colleague, id="role-ended-by-a-colleague")]
GOES_ON = [pytest.param(by_token, _nothing, id="nothing"), pytest.param(by_application, _token, id="another")]


@pytest.fixture
def here(db: None) -> world.World:
    return world.build()


def _refused(client: APIClient) -> bool:
    file = SimpleUploadedFile("b.csv", SHEET)
    return client.post(f"{API}/uploads/", {"file": file}, format="multipart").status_code in (401, 403)


def _uploaded(client: APIClient) -> Any:
    file = SimpleUploadedFile("a.csv", SHEET)
    answer = client.post(f"{API}/uploads/", {"file": file}, format="multipart")
    assert answer.status_code == 201, answer.content.decode()
    return answer.json()["id"]


@pytest.mark.parametrize(("way", "revoke"), [*STOPPED, *BY_FIRM])
def test_a_file_is_not_read(here: world.World, way: Way, revoke: Callable[[User], None]) -> None:
    client = way(here.leader)
    upload = _uploaded(client)
    revoke(here.leader)
    assert _refused(client)
    work(upload_id=upload)
    stopped = Upload.objects.get(pk=upload)
    assert (stopped.state, stopped.rows.count()) == (UploadState.FAILED, 0)
    assert stopped.error["en"].startswith("The account, role or token that ordered this has ended")


@pytest.mark.parametrize(("way", "revoke"), [*STOPPED, *BY_FIRM])
def test_a_file_is_not_applied(here: world.World, way: Way, revoke: Callable[[User], None]) -> None:
    client = way(here.leader)
    upload = _uploaded(client)
    work(upload_id=upload)
    assert client.post(f"{API}/uploads/{upload}/apply/", {}).status_code == 200
    revoke(here.leader)
    work(upload_id=upload)
    assert Upload.objects.get(pk=upload).state == UploadState.FAILED
    assert not DemandLine.objects.exists()


@pytest.mark.parametrize(("way", "revoke"), GOES_ON)
def test_a_file_of_somebody_who_stays_is_applied(
    here: world.World, way: Way, revoke: Callable[[User], None]
) -> None:
    factories.make_token(here.leader)
    client = way(here.leader)
    upload = _uploaded(client)
    revoke(here.leader)
    work(upload_id=upload)
    client.post(f"{API}/uploads/{upload}/apply/", {})
    work(upload_id=upload)
    assert Upload.objects.get(pk=upload).state == UploadState.APPLIED
    assert DemandLine.objects.get().key == "A1"


@pytest.mark.parametrize(("way", "revoke"), [*STOPPED, *GOES_ON])
def test_a_run_stops(here: world.World, way: Way, revoke: Callable[[User], None]) -> None:
    factories.make_demand(here.leader, here.chain, state=LineState.VERIFIED)
    client = way(here.office)
    run = client.post(f"{API}/runs/", {"round": str(here.round.pk)}).json()["id"]
    world.prepare(MatchingRun.objects.get(pk=run))
    revoke(here.office)
    run_shard(shard_id=Shard.objects.get(run=run, stage="index").pk)
    stopped = MatchingRun.objects.get(pk=run)
    goes_on = revoke is _nothing or (way, revoke) == (by_application, _token)
    assert stopped.state == (RunState.RUNNING if goes_on else RunState.FAILED)
    assert bool(stopped.error) != goes_on


def test_without_the_guard_a_revoked_token_still_reads_a_file(
    here: world.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = _uploaded(by_token(here.leader))
    _token(here.leader)
    monkeypatch.setattr("matching.uploads.access.stands", lambda _credential: True)
    work(upload_id=upload)
    assert Upload.objects.get(pk=upload).state == UploadState.PREVIEWED
