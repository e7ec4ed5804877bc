"""Whatever rivals do about a meeting and their lists, a firm there reads the same (RELIABILITY 22)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import pytest

from matching.feeds.sources import Source
from matching.meetings.api.meetings import MeetingSerializer
from matching.meetings.models import Appointment, SigningMeeting
from tests.api.story import Story
from tests.disclosure.crawling import crawl
from tests.disclosure.rival_acts import ACTS, agree, all_stay_away, settle, tell_day
from tests.disclosure.rivals import match_and_publish, same_for_all, tell_rivals, undone
from tests.torture import times

pytestmark = pytest.mark.django_db
Act = Callable[[Story], None]
NEAR = (
    *("/changes/", "/meetings/", "/meetings/{meeting}/", "/meeting-days/{meeting}/", "/appointments/"),
    *("/arrivals/", "/sittings/", "/outcomes/", "/progress/", "/invitations/", "/agreements/"),
    *("/accepted-pairs/", "/my-matches/", "/notices/", "/work/", "/statistics/", "/overview/", "/rounds/"),
    *(
        "meeting_list",
        "meeting_detail",
        "floor_board",
        "invitation_list",
        "progress_detail",
        "home",
        "my_matches",
    ),
)
"""Doors that show something of meetings and what comes of them; the full run opens all there are."""


@pytest.fixture
def story() -> Story:
    """The day, before rivals do anything."""
    told = tell_rivals()
    match_and_publish(told)
    tell_day(told)
    return told


def _read(story: Story, part: str, only: Collection[str]) -> dict[str, str]:
    with undone():
        return {answer.door: same_for_all(answer.text) for answer in crawl(story, part, only=only)}


def _changed(story: Story, part: str, acts: Sequence[Act], only: Collection[str]) -> set[str]:
    """Doors that answer otherwise after these acts, and what the clock then does."""
    before = _read(story, part, only)
    with undone():
        for act in acts:
            act(story)
            settle(SigningMeeting.objects.get(pk=story.names["meeting"]))
        after = _read(story, part, only)
    assert before.keys() == after.keys() >= set(only)
    return {door for door in before if before[door] != after[door]}


@pytest.mark.parametrize("part", ["member", "leader"])
def test_what_rivals_do_changes_no_byte(story: Story, part: str) -> None:
    only = (NEAR, ())[times(0, 1)]
    for acts in ([ACTS], [[act] for act in ACTS])[times(0, 1)]:
        assert (acts, _changed(story, part, acts, only)) == (acts, set())


def test_the_office_does_see_it(story: Story) -> None:
    seen = _changed(
        story, "office", [agree, all_stay_away], ("/changes/", "/meetings/", "/agreements/", "/regions/")
    )
    assert seen == {"/changes/", "/meetings/", "/agreements/"}


def _tables(_serializer: MeetingSerializer, meeting: SigningMeeting) -> int:
    return meeting.tables


def _any_column(_source: Source, columns: Collection[str]) -> tuple[bool, bool]:
    return bool(columns), False


def test_a_figure_of_all_that_is_let_out_is_found(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MeetingSerializer, "get_tables", _tables)
    monkeypatch.setattr(Source, "news", _any_column)
    monkeypatch.setattr(Appointment.objects, "recorded_for", lambda _user: Appointment.objects.all())
    doors = ("/meetings/", "/meetings/{meeting}/", "/changes/", "meeting_list", "/regions/")
    assert _changed(story, "member", [all_stay_away], doors) == set(doors) - {"/regions/"}
