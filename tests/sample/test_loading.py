"""The sample in the database, the demo accounts, and the story that newcomers find."""

from __future__ import annotations

import io
import stat
import tempfile
from collections import Counter
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, TestCase, override_settings
from django.utils import timezone

from accounts.models import Membership, Organisation, PersonalToken, User
from accounts.roles import Role
from chainmatch.sample import people, places, story
from chainmatch.sample.catalogue import CHAINS
from chainmatch.sample.management.commands import demo_ready
from chainmatch.sample.store import CLOSED_CHAINS
from chainmatch.sample.truth import read_truth
from matching.agreements.models import Agreement, SupervisionOrder
from matching.chains.services import load_reference
from matching.engine.types import Period
from matching.invitations.models import Invitation
from matching.lists.models import DemandLine, Property, Requirement, Round, SupplyLine
from matching.lists.services.content import content_of
from matching.lists.states import LineState, RoundState
from matching.meetings.models import Appointment, MeetingRule, SigningMeeting, Table, Venue
from matching.memory.models import Confirmation, Source
from matching.papers.models import PaperPack
from matching.papers.queries.summary import Extent, figures
from matching.review.models import Review
from matching.review.states import ReviewState
from matching.runs.models import MatchingList, MatchingRun, PolicyVersion, Shard
from matching.runs.services import run_shard
from matching.runs.states import LIVE, RunState, ShardState


def call(command: str, *arguments: str) -> str:
    """What a command prints."""
    output = io.StringIO()
    call_command(command, *arguments, stdout=output)
    return output.getvalue()


def work_off() -> None:
    """Compute every shard that waits, as workers would."""
    while waiting := list(Shard.objects.filter(run__state__in=LIVE).exclude(state=ShardState.DONE)):
        for shard in waiting:
            run_shard(shard_id=shard.pk)


class LoadedSample(TestCase):
    """One load for all tests; each test's writes are rolled back."""

    @classmethod
    def setUpClass(cls) -> None:
        """Files of these tests go to a folder of their own."""
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.enterClassContext(override_settings(MEDIA_ROOT=Path(folder) / "media"))
        super().setUpClass()

    @classmethod
    def setUpTestData(cls) -> None:
        """Reference data and the sample."""
        load_reference()
        call("load_sample")

    def test_a_second_load_changes_nothing(self) -> None:
        before = (Organisation.objects.count(), SupplyLine.objects.count(), User.objects.count())
        written = places.truth_file().stat().st_mtime_ns
        assert "loaded already" in call("load_sample")
        assert (Organisation.objects.count(), SupplyLine.objects.count(), User.objects.count()) == before
        assert places.truth_file().stat().st_mtime_ns == written

    def test_a_lost_truth_is_written_again_and_the_same(self) -> None:
        kept = places.truth_file().read_bytes()
        places.truth_file().unlink()
        call("load_sample")
        assert places.truth_file().read_bytes() == kept

    def test_the_truth_names_lines_that_are_there(self) -> None:
        demands = set(DemandLine.objects.values_list("organisation__uscc", "key"))
        supplies = set(SupplyLine.objects.values_list("organisation__uscc", "key"))
        records = read_truth(places.truth_file())
        assert {record.demand for record in records} <= demands
        assert {offer.supply for record in records for offer in record.offers} <= supplies

    def test_the_truth_alone_can_be_written(self) -> None:
        path = places.folder() / "alone.jsonl"
        call("load_sample", "--truth-only", str(path))
        assert path.read_bytes() == places.truth_file().read_bytes()

    def test_everything_has_arrived(self) -> None:
        assert DemandLine.objects.count() >= 800
        assert SupplyLine.objects.count() >= 6000
        assert Requirement.objects.filter(demand__state=LineState.VERIFIED).exists()
        assert Property.objects.exists()
        assert Venue.objects.count() == 3
        assert Table.objects.filter(venue__name="太原示例会展中心").count() == 20
        assert MeetingRule.objects.count() == 10
        assert sorted(PolicyVersion.objects.values_list("number", flat=True)) == [1] * 10

    def test_every_chain_has_an_open_round_and_two_have_one_that_is_over(self) -> None:
        def chains(state: RoundState) -> list[str]:
            return sorted(Round.objects.filter(state=state).values_list("chain_id", flat=True))

        assert chains(RoundState.OPEN) == sorted(CHAINS)
        assert chains(RoundState.CLOSED) == sorted(CLOSED_CHAINS)

    def test_lines_are_what_the_forms_would_have_stored(self) -> None:
        for demand in DemandLine.objects.prefetch_related("requirements").order_by("key", "pk")[:60]:
            demand.full_clean()
            rows = [_written(row) for row in demand.requirements.all()]
            assert content_of(demand, {"requirements": rows}) == demand.fingerprint
            assert demand.period in set(Period)
        for supply in SupplyLine.objects.prefetch_related("properties", "certificates").order_by("pk")[:60]:
            supply.full_clean()
            parts = {name: [_written(row) for row in getattr(supply, name).all()] for name in _SUPPLY_ROWS}
            assert content_of(supply, parts) == supply.fingerprint

    def test_one_account_for_each_role(self) -> None:
        roles = dict(Membership.objects.filter(user__is_demo=True).values_list("user__username", "role"))
        assert roles == {
            "chief": Role.CHIEF_CHAIN_HEAD,
            "head": Role.CHAIN_HEAD,
            "department": Role.LEAD_DEPARTMENT,
            "city": Role.CITY_TASK_FORCE,
            "office": Role.CHAIN_OFFICE,
            "leader": Role.LEADER_FIRM,
            "member": Role.MEMBER_FIRM,
            "integrator": Role.INTEGRATOR,
            "system": Role.SYSTEM_ADMIN,
            "security": Role.SECURITY_ADMIN,
            "auditor": Role.AUDITOR,
        }
        staff = User.objects.filter(is_superuser=True)
        assert [user.username for user in staff] == ["admin"]
        assert all(user.is_demo and user.check_password(people.PASSWORD) for user in User.objects.all()[:3])
        assert people.firm_of("integrator") == people.firm_of("leader")

    def test_the_accounts_are_printed_with_a_token_that_stays(self) -> None:
        first, second = call("demo_accounts"), call("demo_accounts")
        assert first == second
        assert all(account.username in first for account in people.ACCOUNTS)
        assert people.PASSWORD in first
        assert stat.S_IMODE(places.token_file().stat().st_mode) == 0o600
        places.token_file().unlink()
        assert call("demo_accounts") != first
        assert PersonalToken.objects.filter(user__username="integrator").count() == 1

    def test_removed_accounts_are_shut_out_and_can_come_back(self) -> None:
        call("demo_accounts")
        assert call("remove_demo_accounts").startswith("12 demo accounts")
        assert not User.objects.filter(is_demo=True, is_active=True).exists()
        assert not PersonalToken.objects.exists()
        assert not Client().login(username="office", password=people.PASSWORD)
        with pytest.raises(CommandError, match="load_sample"):
            call("demo_accounts")
        call("load_sample")
        assert Client().login(username="office", password=people.PASSWORD)

    def test_a_real_account_of_the_same_name_is_left_alone(self) -> None:
        User.objects.filter(username="office").update(is_demo=False)
        with pytest.raises(CommandError, match="office"):
            call("load_sample")

    def test_the_story_is_told_once(self) -> None:
        assert "queued" in call("demo_ready")
        work_off()
        assert "published" in call("demo_ready", "--wait")
        self._check_story()
        before = (MatchingRun.objects.count(), Review.objects.count(), SigningMeeting.objects.count())
        assert "ready" in call("demo_ready", "--wait")
        assert (MatchingRun.objects.count(), Review.objects.count(), SigningMeeting.objects.count()) == before
        self._check_story()

    def _check_story(self) -> None:
        runs = dict(MatchingRun.objects.values_list("round__chain_id", "state"))
        assert runs == dict.fromkeys(CLOSED_CHAINS, RunState.FINISHED)
        assert list(MatchingList.objects.values_list("chain_id", "number")) == [(story.TOLD_CHAIN, 1)]
        states = Counter(Review.objects.values_list("state", flat=True))
        assert states[ReviewState.ACCEPTED] >= 3
        assert {ReviewState.SHORTLISTED, ReviewState.REJECTED} <= set(states)
        # Pairs of the same two products share one.
        assert 0 < Confirmation.objects.filter(source=Source.REVIEW).count() <= states[ReviewState.ACCEPTED]
        held, today, proposed = SigningMeeting.objects.filter(chain=story.TOLD_CHAIN).order_by("date")
        assert [held.state, today.state, proposed.state] == ["held", "approved", "proposed"]
        assert held.date < timezone.localdate() <= today.date < proposed.date
        standing = Appointment.objects.filter(is_active=True).count()
        # Whose partner does not come today has a place at the next meeting.
        assert standing == states[ReviewState.ACCEPTED]
        assert Appointment.objects.filter(meeting=today, is_active=False).count() == 1
        self._check_meetings(held, today)

    def _check_meetings(self, held: SigningMeeting, today: SigningMeeting) -> None:
        answers = set(Invitation.objects.filter(meeting=today).values_list("state", flat=True))
        assert {"accepted", "declined", "invited"} <= answers
        kinds = set(Agreement.objects.filter(appointment__meeting=held).values_list("kind", flat=True))
        assert {"intent", "sample", "contract"} <= kinds
        told, _groups = figures(Extent(meeting=held))
        assert (told.signed, told.delivered) == (3, 1)
        assert SupervisionOrder.objects.get().missed < timezone.localdate()
        assert PaperPack.objects.get().meeting == held

    def test_a_failed_run_is_told_and_started_again(self) -> None:
        call("demo_ready")
        MatchingRun.objects.update(state=RunState.FAILED, error="out of order")
        with (
            pytest.raises(CommandError, match="out of order"),
            patch.object(story, "start_runs", _newest_runs),
        ):
            call("demo_ready", "--wait")
        call("demo_ready")
        assert MatchingRun.objects.filter(state__in=LIVE).count() == len(CLOSED_CHAINS)

    def test_silence_of_the_workers_is_told(self) -> None:
        with (
            patch.object(demo_ready, "PATIENCE_SECONDS", 0.0),
            pytest.raises(CommandError, match="No worker"),
        ):
            call("demo_ready", "--wait")


_SUPPLY_ROWS = ("properties", "certificates")


def _written(row: Requirement | Property) -> dict[str, object]:
    skipped = {"id", "demand", "supply", "position"}
    return {field.name: getattr(row, field.name) for field in row._meta.fields if field.name not in skipped}


def _newest_runs() -> list[MatchingRun]:
    return list(MatchingRun.objects.all())


@pytest.mark.parametrize("command", ["load_sample", "demo_accounts", "demo_ready"])
def test_production_refuses_the_demo(command: str) -> None:
    with override_settings(PRODUCTION=True), pytest.raises(CommandError, match="production"):
        call(command)


@pytest.mark.django_db
def test_the_reference_data_must_be_there() -> None:
    with pytest.raises(CommandError, match="load_reference"):
        call("load_sample")


@pytest.mark.django_db
def test_without_a_sample_there_is_nothing_to_show() -> None:
    for command in ("demo_accounts", "demo_ready"):
        with pytest.raises(CommandError, match="load_sample"):
            call(command)
