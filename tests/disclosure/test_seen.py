"""Who saw what: every door that names a firm's line is noted, and the firm reads it."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import User
from matching.disclosure import middleware, queries, services
from matching.disclosure.models import KEPT, Disclosure, Part, Via
from matching.lists.models import DemandLine, SupplyLine
from matching.lists.states import LineState
from matching.runs.models import FrozenLine, Gap, Match, NearMiss
from tests import factories, world
from tests.api.story import API, Story, tell
from tests.disclosure.crawling import crawl, firm
from tests.torture import times

pytestmark = pytest.mark.django_db
TITLES = {"demand": "银杏叶需求", "supply": "红松果供应"}


@pytest.fixture
def story() -> Story:
    """The story with titles that stand nowhere else."""
    told = tell()
    DemandLine.objects.update(title=TITLES["demand"])
    SupplyLine.objects.update(title=TITLES["supply"])
    FrozenLine.objects.filter(side="need").update(title=TITLES["demand"])
    FrozenLine.objects.filter(side="offer").update(title=TITLES["supply"])
    for model in (Match, NearMiss):
        model.objects.update(demand_title=TITLES["demand"], supply_title=TITLES["supply"])
    Gap.objects.update(demand_title=TITLES["demand"])
    return told


def _browser(person: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    client.force_login(person)
    return client


def _unnoted(story: Story, part: str, **asked: Any) -> set[tuple[str, str]]:
    """Doors that showed a foreign firm's line and were not noted for that firm."""
    owners = {"demand": firm(story, "leader").pk, "supply": firm(story, "member").pk}
    own = {factories.firm_of(person).pk} if (person := story.people[part]) is not None else set()
    return {
        (answer.door, side)
        for answer in crawl(story, part, **asked)
        for side, owner in owners.items()
        if answer.status < 400 and TITLES[side] in answer.text and owner not in own
        if (owner, side) not in answer.noted
    }


@pytest.mark.parametrize("part", ("office", "leader", "member", "department", "city")[: times(2, 5)])
def test_every_door_that_names_a_line_is_noted(story: Story, part: str) -> None:
    assert _unnoted(story, part, writes=bool(times(0, 1))) == set()


def test_a_door_that_notes_nothing_is_found(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "store", lambda *_: None)
    found = _unnoted(story, "office", only=("supply_detail", "/demand-lines/", "matches_export"))
    assert found == {
        ("supply_detail", "supply"),
        ("/demand-lines/", "demand"),
        ("matches_export", "demand"),
        ("matches_export", "supply"),
    }


def test_what_was_seen_and_how() -> None:
    here = world.build()
    line = factories.make_supply(
        here.member, here.chain, state=LineState.SUBMITTED, price_low=10, contact_name="王工"
    )
    page = reverse("supply_detail", args=[line.pk])
    for person in (here.office, here.department, here.member):
        assert _browser(person).get(page).status_code == 200
    _browser(here.office).get(page)  # the same within the hour
    _browser(here.office).get(reverse("supply_export"))
    _browser(here.office).get(f"{API}/supply-lines/{line.pk}/")
    _browser(here.leader).get(page)  # refused
    told = [(one.reader, one.parts, one.via) for one in Disclosure.objects.order_by("pk")]
    whole = [Part.CONTACTS, Part.LINE, Part.SECRETS]
    assert told == [
        (here.office, whole, Via.PAGE),
        (here.department, [Part.CONTACTS, Part.LINE], Via.PAGE),
        (here.office, whole, Via.DOWNLOAD),
        (here.office, whole, Via.API),
    ]
    assert {one.object_id for one in Disclosure.objects.all()} == {line.pk}


def test_the_firm_reads_its_own_entries_and_nobody_elses(story: Story) -> None:
    _browser(story.world.office).get(f"{API}/supply-lines/")
    _browser(story.world.office).get(f"{API}/demand-lines/")
    office = factories.firm_of(story.world.office)
    rows = _browser(story.world.member).get(f"{API}/disclosures/").json()["results"]
    assert {row["side"] for row in rows} == {"supply"}
    assert {(row["reader_organisation"], row["reader"]) for row in rows} == {
        (office.name, str(story.world.office))
    }
    page = _browser(story.world.member).get(reverse("disclosure_list")).content.decode()
    assert office.name in page
    assert _browser(story.world.office).get(f"{API}/disclosures/").json()["results"] == []
    file = _browser(story.world.member).get(reverse("disclosure_export"))
    book = load_workbook(io.BytesIO(b"".join(file.streaming_content)))  # type: ignore[attr-defined]
    assert office.name in {cell.value for row in book.worksheets[0].iter_rows() for cell in row}


@pytest.mark.parametrize("is_keyed", [True, False])
def test_names_of_entries_do_not_count_those_of_others(
    story: Story, monkeypatch: pytest.MonkeyPatch, is_keyed: bool
) -> None:
    if not is_keyed:  # the negative control
        monkeypatch.setattr(queries, "name_of", lambda entry: uuid.UUID(int=entry.pk))
    for door in ("supply-lines", "demand-lines", "reviews", "supply-lines"):
        _browser(story.world.office).get(f"{API}/{door}/")
    rows = _browser(story.world.member).get(f"{API}/disclosures/").json()["results"]
    named = {uuid.UUID(row["id"]).int for row in rows}
    counted = set(Disclosure.objects.filter(organisation=firm(story, "member")).values_list("pk", flat=True))
    assert len(named) == len(counted) > 1
    assert (named == counted) == (not is_keyed)
    assert (max(named) - min(named) < 2**32) == (not is_keyed)


def test_another_firms_people_are_not_named(story: Story) -> None:
    assert _browser(story.world.leader).get(reverse("my_matches")).status_code == 200
    entries = Disclosure.objects.filter(organisation=firm(story, "member"), reader=story.world.leader)
    assert {part for entry in entries for part in entry.parts} == {Part.LINE}
    rows = _browser(story.world.member).get(f"{API}/disclosures/").json()["results"]
    assert {(row["reader_organisation"], row["reader"]) for row in rows} == {(firm(story, "leader").name, "")}


def test_a_long_answer_is_summed_up_in_one_statement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_LINES", 3)
    here = world.build()
    for _ in range(4):
        factories.make_supply(here.member, here.chain, state=LineState.SUBMITTED)
    browser = _browser(here.office)
    with CaptureQueriesContext(connection) as asked:
        browser.get(reverse("supply_list"))
    assert sum("INSERT" in query["sql"] for query in asked) == 1
    [entry] = Disclosure.objects.all()
    assert (entry.object_id, entry.lines) == (None, 4)


def test_a_log_that_can_not_be_written_stops_no_answer(monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    here = world.build()
    line = factories.make_supply(here.member, here.chain, state=LineState.SUBMITTED)
    monkeypatch.setattr(services, "STORE", services.STORE.replace("matching_disclosure", "nowhere"))
    assert _browser(here.office).get(reverse("supply_detail", args=[line.pk])).status_code == 200
    assert "1 entries on who saw what are lost" in caplog.text


def test_what_is_shown_while_an_answer_streams_is_noted() -> None:
    here = world.build()
    line = factories.make_supply(here.member, here.chain, state=LineState.SUBMITTED)

    def stream(_request: HttpRequest) -> Any:
        def parts() -> Any:
            yield b"head"
            services.saw([line])
            yield b"line"

        return StreamingHttpResponse(parts())

    request = HttpRequest()
    request.user, request.path = here.office, "/api/v1/x/"
    response: Any = middleware.DisclosureMiddleware(stream)(request)
    assert not Disclosure.objects.exists()
    assert b"".join(response.streaming_content) == b"headline"
    assert Disclosure.objects.get().object_id == line.pk


def test_entries_stay_as_they_are_for_half_a_year() -> None:
    here = world.build()
    shown = services.Shown("x", parts={Part.LINE})
    services.store({(firm_id(here.member), "supply", None, "S1"): shown}, here.office, Via.PAGE)
    entry = Disclosure.objects.get()
    for verb in (lambda: Disclosure.objects.update(key="S2"), entry.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            verb()
    old = timezone.now() - KEPT - timedelta(days=1)
    Disclosure.objects.bulk_create(
        [
            Disclosure(
                at=old, hour=old, organisation_id=firm_id(here.member), side="supply", parts=[], via=Via.PAGE
            )
        ]
    )
    assert services.forget_old() == 1
    assert Disclosure.objects.get() == entry


def firm_id(person: User) -> Any:
    """Of the person's firm."""
    return factories.firm_of(person).pk
