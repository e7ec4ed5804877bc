"""No route is left out: those outside the matrices are declared as well, and measured as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path

from accounts.models import User
from accounts.roles import Role
from accounts.security.administration import Site
from chainmatch import urls
from tests import factories
from tests.access.other_doors import PARTS, Door, addresses, named, of_admin
from tests.api.matrix import PARTS as PEOPLE
from tests.api.story import Story
from tests.torture import FULL

pytestmark = pytest.mark.django_db
_ARGUMENT = re.compile(r"<(?:\w+:)?\w+>|\(\?P<\w+>(?:\[[^\]]*\]|[^()])*\)")
SIGNED_IN = tuple(part for part in PEOPLE if part != "nobody")


def _patterns(resolver: URLResolver, names: str = "", route: str = "") -> Iterator[tuple[str, str, Any]]:
    """Every route of the site: its name or, where it has none, its pattern; its whole pattern; its view."""
    for one in resolver.url_patterns:
        whole = route + str(one.pattern)
        if isinstance(one, URLPattern):
            nameless = f"{names}{_of_admin(whole)}" if names else whole
            yield f"{names}{one.name}" if one.name else nameless, whole, one.callback
        else:
            yield from _patterns(one, f"{names}{one.namespace}:" if one.namespace else names, whole)


def _of_admin(pattern: str) -> str:
    """The admin's nameless routes: of a model, of the whole."""
    parts = pattern.split("/")
    return f"{parts[1]}_{parts[2]}_*" if len(parts) > 3 else "*"


def others() -> dict[str, str]:
    """Patterns of the routes that the matrices do not hold, by name."""
    held = {id(route.callback) for room in urls.ROOMS_PORTAL for route in room.urlpatterns}
    held |= {id(route.callback) for route in urls.router.urls}
    return {name: route for name, route, view in _patterns(get_resolver()) if id(view) not in held}


def declared() -> dict[str, Door]:
    """All that is declared; for the database as it is."""
    return {**named(), **dict(of_admin())}


def undeclared() -> set[str]:
    """Routes without a row, and rows without a route."""
    return others().keys() ^ declared().keys()


def test_every_other_route_is_declared() -> None:
    assert undeclared() == set()
    written = {model._meta.label_lower for model in admin.site._registry}
    assert {f"admin:{label.replace('.', '_')}_add" for label in written} <= declared().keys()


def test_a_route_that_nobody_declared_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    before = undeclared()
    back_door = path("debug/", lambda _request: HttpResponse("hello"), name="debug")
    monkeypatch.setattr(get_resolver(), "url_patterns", [*urls.urlpatterns, back_door])
    assert undeclared() - before == {"debug"}


class Callers:
    """Browsers of the four parts; whoever is signed in is somebody else at each door."""

    def __init__(self, story: Story) -> None:
        staff = factories.make_user(Role.CHAIN_OFFICE, username="staff")
        staff.is_staff = True
        staff.save(update_fields=["is_staff"])
        root = User.objects.create_superuser("root", "", "correct horse battery")
        self._people = {**story.people, "staff": staff, "root": root}
        self._cookies: dict[str, str] = {}

    def of(self, part: str, turn: int) -> list[Client]:
        """Everybody of that part in the full run, else who is next."""
        names = SIGNED_IN if part == "signed_in" else (part,)
        return [self._client(name) for name in (names if FULL else (names[turn % len(names)],))]

    def _client(self, name: str) -> Client:
        """Signed in once, whatever a door has done to an earlier copy of the cookies."""
        client = Client(raise_request_exception=False)
        if name not in self._cookies and (person := self._people[name]) is not None:
            client.force_login(person)
            self._cookies[name] = client.cookies["sessionid"].value
        if name in self._cookies:
            client.cookies["sessionid"] = self._cookies[name]
        return client


def _address(pattern: str, pk: str) -> str:
    return "/" + re.sub(r"[\^$]", "", _ARGUMENT.sub(lambda _found: pk, pattern))


def _asked(client: Client, method: str, address: str) -> int:
    with transaction.atomic():
        response = getattr(client, method)(address)
        response.getvalue()
        transaction.set_rollback(True)
    return int(response.status_code)


def differences(story: Story, doors: dict[str, tuple[str, Door]]) -> dict[tuple[str, str, str], Any]:
    """What is not as declared, by door, method and part: what came, and what was to come."""
    callers = Callers(story)
    found = {}
    for turn, (name, (address, door)) in enumerate(doors.items()):
        for part in PARTS:
            for client in callers.of(part, turn):
                # Forms of the plain admin are under the same right as their pages.
                for method in ("get", "post") if FULL or not name.startswith("admin:") else ("get",):
                    came, wanted = _asked(client, method, address), door.status(method, part)
                    if came != wanted:
                        found[name, method, part] = (came, wanted)
    return found


def _doors() -> dict[str, tuple[str, Door]]:
    routes = others()
    return {name: (_address(routes[name], door.pk), door) for name, door in declared().items()}


def test_every_other_route_is_as_declared(story: Story) -> None:
    assert differences(story, _doors()) == {}


def test_what_is_not_offered_is_not_there(story: Story) -> None:
    assert differences(story, {address: (address, door) for address, door in addresses().items()}) == {}


def test_an_admin_that_lets_others_in_is_reported(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Site, "has_permission", lambda _site, request: request.user.is_authenticated)
    name = "admin:matching_notice_changelist"
    doors = {one: told for one, told in _doors().items() if one == name}
    assert differences(story, doors) == dict.fromkeys(
        [(name, "get", "signed_in"), (name, "get", "staff")], (403, 302)
    )
