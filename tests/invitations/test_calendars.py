"""Calendar files: read by another program, updated and cancelled in order, subscribed to."""

from __future__ import annotations

from datetime import UTC, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from icalendar import Calendar

from accounts.models import User
from accounts.personal import erase
from accounts.roles import Role
from matching.disclosure.models import Disclosure
from matching.invitations.models import CalendarAddress, CalendarEntry
from matching.invitations.services import keep_up, make_address, revoke_address
from matching.meetings.models import Appointment, SigningMeeting
from matching.meetings.services import decide, move
from matching.meetings.states import MeetingAction
from matching.notices.models import OutboxMessage
from matching.notices.services import mail_notice
from tests import factories, world
from tests.invitations.inviting import invited, now, reachable

pytestmark = pytest.mark.django_db


def _deliver() -> list[EmailMessage]:
    """Hand every letter that waits to the mail server, each task twice."""
    mail.outbox.clear()
    for message in OutboxMessage.objects.filter(task="notices.mail_notice", sent_at=None):
        for _ in range(2):
            mail_notice(notice_id=message.arguments[0], now=now())
    OutboxMessage.objects.update(sent_at=now())
    return [letter.message() for letter in mail.outbox]


def _events(letters: list[Any], person: User) -> list[tuple[str, str, int, str]]:
    """Method, UID, sequence and status of every calendar part of a person's letters."""
    found = []
    for letter in letters:
        if letter["To"] != person.email:
            continue
        for part in letter.walk():
            if part.get_content_type() == "text/calendar":
                calendar: Any = Calendar.from_ical(part.get_payload(decode=True))
                assert part.get_param("method") == calendar["METHOD"]
                (event,) = calendar.walk("VEVENT")
                found.append(
                    (str(calendar["METHOD"]), str(event["UID"]), event["SEQUENCE"], str(event["STATUS"]))
                )
    return sorted(found)


def _events_in(body: bytes) -> list[Any]:
    """What another program reads of a calendar."""
    calendar: Any = Calendar.from_ical(body)
    return list(calendar.walk("VEVENT"))


def _address_of(person: User) -> str:
    _address, secret = make_address(actor=person)
    return f"/calendar/{secret}.ics"


def _invited_reachable() -> tuple[world.World, SigningMeeting]:
    here = world.build()
    reachable(here.leader, here.member)
    meeting = invited(here)
    for person in (here.leader, here.member):
        person.refresh_from_db()
    return here, meeting


def test_the_letter_has_each_appointment_as_a_request() -> None:
    here, meeting = _invited_reachable()
    wanted = sorted(
        ("REQUEST", f"appointment-{pk}@chainmatch", 0, "CONFIRMED")
        for pk in meeting.appointments.values_list("pk", flat=True)
    )
    assert _events(_deliver(), here.member) == wanted
    assert sum("/invitations/answer/" in str(letter.body) for letter in mail.outbox) == 2


def test_a_move_sends_one_request_with_the_next_number_and_a_cancellation_the_one_after() -> None:
    here, meeting = _invited_reachable()
    _deliver()
    first = meeting.appointments.earliest("slot")
    uid = f"appointment-{first.pk}@chainmatch"
    move(actor=here.department, appointment_id=first.pk, table_number=3, slot=first.slot)
    for _ in range(2):
        keep_up(meeting_id=meeting.pk, now=now())
    assert _events(_deliver(), here.leader) == [("REQUEST", uid, 1, "CONFIRMED")]
    decide(actor=here.department, meeting_id=meeting.pk, action=MeetingAction.CANCEL, reason="疫情")
    keep_up(meeting_id=meeting.pk, now=now())
    gone = _events(_deliver(), here.member)
    assert ("CANCEL", uid, 2, "CANCELLED") in gone
    assert len(gone) == 3
    assert {method for method, *_ in gone} == {"CANCEL"}
    assert _deliver() == []


def test_a_letter_that_was_overtaken_leaves_the_change_to_the_next() -> None:
    here, meeting = _invited_reachable()
    _deliver()
    first = meeting.appointments.earliest("slot")
    for table in (2, 3):
        move(actor=here.department, appointment_id=first.pk, table_number=table, slot=first.slot)
        keep_up(meeting_id=meeting.pk, now=now())
    assert [sequence for _method, _uid, sequence, _status in _events(_deliver(), here.leader)] == [2]


def test_a_program_that_reads_the_feed_sees_what_stands_in_the_plan() -> None:
    here, meeting = _invited_reachable()
    answer = Client().get(_address_of(here.member))
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    calendar: Any = Calendar.from_ical(answer.content)
    (zone,) = calendar.walk("VTIMEZONE")
    assert str(zone["TZID"]) == "Asia/Shanghai"
    events = {str(event["UID"]): event for event in calendar.walk("VEVENT")}
    for seat in Appointment.objects.filter(meeting=meeting):
        event = events[f"appointment-{seat.pk}@chainmatch"]
        assert event["DTSTART"].dt.astimezone(UTC) == seat.during.lower
        assert event["DTSTART"].dt.utcoffset() == timedelta(hours=8)
        assert event["DTEND"].dt.astimezone(UTC) == seat.during.upper
        assert factories.firm_of(here.leader).name in str(event["SUMMARY"])
        assert meeting.venue.name in str(event["LOCATION"])
    assert len(events) == 3


def test_every_line_keeps_the_length_and_the_ends_of_the_standard() -> None:
    here, _meeting = _invited_reachable()
    body = Client().get(_address_of(here.member)).content
    assert body.endswith(b"\r\n")
    assert body.count(b"\n") == body.count(b"\r\n")
    assert max(len(line) for line in body.split(b"\r\n")) <= 75


def test_cancelled_appointments_stay_in_the_feed_as_cancelled() -> None:
    here, meeting = _invited_reachable()
    address = _address_of(here.member)
    decide(actor=here.department, meeting_id=meeting.pk, action=MeetingAction.CANCEL, reason="疫情")
    keep_up(meeting_id=meeting.pk, now=now())
    events = _events_in(Client().get(address).content)
    assert [(event["SEQUENCE"], str(event["STATUS"])) for event in events] == [(1, "CANCELLED")] * 3


def test_the_feed_is_not_sent_again_while_nothing_changed() -> None:
    here, meeting = _invited_reachable()
    address, client = _address_of(here.member), Client()
    first = client.get(address)
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    since = client.get(address, headers={"if-modified-since": first["Last-Modified"]})
    assert since.status_code == 304
    move(
        actor=here.department,
        appointment_id=meeting.appointments.earliest("slot").pk,
        table_number=3,
        slot=0,
    )
    keep_up(meeting_id=meeting.pk, now=now() + timedelta(seconds=2))
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_an_address_opens_until_it_is_renewed_revoked_or_the_account_ends() -> None:
    here, _meeting = _invited_reachable()
    client = Client()
    first = _address_of(here.member)
    second = _address_of(here.member)
    assert [client.get(address).status_code for address in (first, second)] == [404, 200]
    revoke_address(actor=here.member)
    assert client.get(second).status_code == 404
    third = _address_of(here.member)
    User.objects.filter(pk=here.member.pk).update(is_active=False)
    assert client.get(third).status_code == 404
    erase(User.objects.get(pk=here.member.pk))
    assert CalendarAddress.objects.count() == 0


def test_of_the_address_only_a_digest_is_stored() -> None:
    here, _meeting = _invited_reachable()
    _address, secret = make_address(actor=here.member)
    stored = " ".join(str(value) for row in CalendarAddress.objects.values() for value in row.values())
    assert secret not in stored
    assert secret[12:] not in stored


def test_a_role_that_has_ended_shows_nothing_at_an_old_address() -> None:
    here, _meeting = _invited_reachable()
    address = _address_of(here.member)
    here.member.memberships.update(is_active=False)
    assert _events_in(Client().get(address).content) == []


def test_a_stranger_of_the_same_chain_finds_nothing() -> None:
    _here, _meeting = _invited_reachable()
    address = _address_of(factories.make_user(Role.MEMBER_FIRM))
    assert _events_in(Client().get(address).content) == []


def test_an_office_subscribes_to_the_meetings_of_its_chain() -> None:
    here, meeting = _invited_reachable()
    events = _events_in(Client().get(_address_of(here.office)).content)
    assert [str(event["UID"]) for event in events] == [f"meeting-{meeting.pk}@chainmatch"]


def test_who_reads_a_feed_is_on_record_as_having_seen_the_other_firm() -> None:
    here, _meeting = _invited_reachable()
    Client().get(_address_of(here.member))
    seen = Disclosure.objects.filter(reader=here.member, organisation=factories.firm_of(here.leader))
    assert seen.exists()


def test_reading_costs_the_same_whatever_the_number_of_appointments(
    django_assert_max_num_queries: Any,
) -> None:
    here, _meeting = _invited_reachable()
    address = _address_of(here.member)
    with django_assert_max_num_queries(8):
        Client().get(address)


def test_the_control_a_second_number_for_the_same_state_is_seen() -> None:
    """Negative control: an entry whose number grows without a change is found by the test above."""
    here, meeting = _invited_reachable()
    _deliver()
    CalendarEntry.objects.update(told="forgotten")
    keep_up(meeting_id=meeting.pk, now=now())
    assert [sequence for _method, _uid, sequence, _status in _events(_deliver(), here.leader)] == [1, 1, 1]
