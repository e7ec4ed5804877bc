"""Decisions on signing meetings: what firms see of them, what they are told, how they meet with moves."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection
from django.utils import timezone

from matching.errors import Conflict, Invalid
from matching.invitations.services import keep_up
from matching.meetings import queries
from matching.meetings.models import Appointment, SigningMeeting
from matching.meetings.services import decide, decisions, move, propose
from matching.meetings.states import MeetingAction, MeetingState
from matching.notices.models import Notice
from tests import factories, world
from tests.meetings.pairs import accept_all

TODAY = date(2026, 11, 20)


def _proposed(here: world.World) -> SigningMeeting:
    accept_all(here)
    meeting = propose(rule_id=factories.make_rule(here.chain).pk, today=TODAY)
    assert meeting is not None
    return meeting


@pytest.mark.django_db
def test_firms_still_see_a_meeting_they_were_invited_to() -> None:
    here = world.build()
    meeting = _proposed(here)
    decide(actor=here.department, meeting_id=meeting.pk, action=MeetingAction.APPROVE)
    assert queries.appointments(here.member).count() == 3
    keep_up(meeting_id=meeting.pk, now=timezone.now())
    decide(actor=here.department, meeting_id=meeting.pk, action=MeetingAction.CANCEL, reason="疫情")
    seen = queries.meetings(here.member).get()
    assert (seen.state, seen.reason) == (MeetingState.CANCELLED, "疫情")
    assert queries.appointments(here.member, seen).count() == 3
    assert queries.appointments(here.member).count() == 0
    keep_up(meeting_id=meeting.pk, now=timezone.now())
    told = Notice.objects.filter(key__contains=":withdrawn:").values_list("user_id", flat=True)
    assert set(told) == {here.leader.pk, here.member.pk}


@pytest.mark.django_db
def test_firms_never_see_a_proposal_that_came_to_nothing() -> None:
    here = world.build()
    meeting = _proposed(here)
    decide(actor=here.department, meeting_id=meeting.pk, action=MeetingAction.CANCEL, reason="再等等")
    assert queries.meetings(here.member).count() == 0
    assert queries.meetings(here.office).get().appointments.count() == 3


@pytest.mark.django_db
def test_nobody_approves_a_plan_that_changed_before_their_eyes() -> None:
    here = world.build()
    meeting = _proposed(here)
    seen = meeting.plan
    one = meeting.appointments.order_by("slot")[0]
    move(actor=here.office, appointment_id=one.pk, table_number=2, slot=one.slot)
    with pytest.raises(Conflict) as refused:
        decide(actor=here.department, meeting_id=meeting.pk, action=MeetingAction.APPROVE, seen=seen)
    meeting.refresh_from_db()
    assert (refused.value.code, meeting.state) == ("plan_changed", MeetingState.PROPOSED)
    again = decide(
        actor=here.department, meeting_id=meeting.pk, action=MeetingAction.APPROVE, seen=meeting.plan
    )
    assert again.state == MeetingState.APPROVED


@pytest.mark.django_db
def test_a_move_after_approval_is_told_to_both_parties() -> None:
    here = world.build()
    meeting = _proposed(here)
    appointment = meeting.appointments.earliest("slot")

    def move_to(table: int) -> set[tuple[object, str]]:
        keep_up(meeting_id=meeting.pk, now=timezone.now())
        Notice.objects.all().delete()
        move(actor=here.office, appointment_id=appointment.pk, table_number=table, slot=appointment.slot)
        keep_up(meeting_id=meeting.pk, now=timezone.now())
        return set(Notice.objects.values_list("user_id", "text_zh"))

    assert move_to(2) == set()
    decide(actor=here.department, meeting_id=meeting.pk, action=MeetingAction.APPROVE)
    for table in (3, 2, 3):
        text = f"洽谈安排有调整：12月04日09:00，{table}号桌。{meeting.title}（2026年12月04日）"
        assert move_to(table) == {(here.leader.pk, text), (here.member.pk, text)}
    assert move_to(3) == set()


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["长" * 501, "含\0字符", " "])
def test_a_reason_that_cannot_be_kept_is_refused(reason: str) -> None:
    here = world.build()
    meeting = _proposed(here)
    with pytest.raises(Invalid) as refused:
        decide(actor=here.department, meeting_id=meeting.pk, action=MeetingAction.DECLINE, reason=reason)
    assert list(refused.value.fields) == ["reason"]
    assert SigningMeeting.objects.get().state == MeetingState.PROPOSED


@pytest.mark.django_db
def test_an_appointment_that_has_gone_is_a_conflict() -> None:
    here = world.build()
    appointment = _proposed(here).appointments.earliest("slot")
    Appointment.objects.filter(pk=appointment.pk).delete()
    with pytest.raises(Conflict) as refused:
        move(actor=here.office, appointment_id=appointment.pk, table_number=1, slot=0)
    assert refused.value.code == "appointment_gone"


def _somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_a_move_waits_for_a_cancellation_and_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The move begins while the cancellation holds the meeting and has yet to free the appointments."""
    here = world.build()
    meeting = _proposed(here)
    decide(actor=here.department, meeting_id=meeting.pk, action=MeetingAction.APPROVE)
    appointment = meeting.appointments.earliest("slot")
    moves: list[Future[str]] = []

    def moved() -> str:
        try:
            move(actor=here.office, appointment_id=appointment.pk, table_number=4, slot=appointment.slot)
        except Conflict as conflict:
            return conflict.code
        finally:
            connection.close()
        return "moved"

    def meet(give_up: Callable[[SigningMeeting], None], pool: ThreadPoolExecutor) -> Callable[..., None]:
        def met(cancelled: SigningMeeting) -> None:
            moves.append(pool.submit(moved))
            while not (moves[0].done() or _somebody_waits_for_a_lock()):
                pass
            give_up(cancelled)

        return met

    with ThreadPoolExecutor(1) as pool:
        monkeypatch.setattr(decisions, "_give_up", meet(decisions._give_up, pool))
        decide(actor=here.department, meeting_id=meeting.pk, action=MeetingAction.CANCEL, reason="疫情")
        assert moves[0].result() == "meeting_over"
    assert set(meeting.appointments.values_list("table__number", "is_active")) == {(1, False)}
