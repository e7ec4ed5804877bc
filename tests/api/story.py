"""One story in which every route has something to answer: lines in every state, runs, a list, a meeting."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from pytest_django import DjangoDbBlocker
from rest_framework.test import APIClient

from accounts.audit.models import AuditEntry
from accounts.models import User
from accounts.roles import ADMINISTRATORS, Role
from matching.agreements.amounts import Kind
from matching.agreements.models import Result
from matching.agreements.services import attach as attach_to_agreement
from matching.agreements.services import follow_up, plan_step, record_outcome, state_agreement
from matching.chains.models import GlossaryEntry, Region
from matching.engine import wire
from matching.feeds import services as webhooks
from matching.feeds.sending import Answer
from matching.floor import services as floor
from matching.floor.codes import pass_of
from matching.floor.states import SittingAction
from matching.invitations import services as invitations
from matching.invitations.models import Invitation
from matching.invitations.queries import token_of
from matching.lists.models import DemandLine, SupplyLine
from matching.lists.services import attach
from matching.lists.states import LineState, RoundState
from matching.meetings.changes import Changes
from matching.meetings.models import Presence
from matching.meetings.services import add_absence, compute_draft, draft, propose, save_presence
from matching.meetings.services import decide as decide_meeting
from matching.meetings.states import MeetingAction
from matching.memory.models import Confirmation
from matching.notices import services as notices
from matching.papers.services import keep_template, order
from matching.papers.services.leases import lease as lease_pack
from matching.papers.services.making import work_on
from matching.people import services as people
from matching.people.queries import link_token
from matching.review.models import Review
from matching.review.services import decide, review_match
from matching.review.states import ReviewAction
from matching.runs.models import FrozenLine, Gap, Match, NearMiss, Side
from matching.runs.queries import rules_of
from matching.runs.queries.frozen import need_of, offer_of
from matching.runs.services import adopt_rules, current_policy, publish, start_run
from matching.uploads.services import receive
from matching.uploads.services.leases import lease
from matching.uploads.services.working import preview
from tests import factories, world
from tests.api.matrix import FILES, LETTER
from tests.uploads.readings import reading

API = "/api/v1"
SECRETS = {"price_ceiling", "price_low", "price_high", "free_capacity", "committed"}


@dataclass
class Story:
    """People by their part, and ids and codes by their name in addresses."""

    world: world.World
    people: dict[str, User | None] = field(default_factory=dict)
    names: dict[str, Any] = field(default_factory=dict)

    def client(self, part: str) -> APIClient:
        """A client signed in as that part; ``nobody`` is not signed in."""
        return client_of(self.people[part])


def client_of(person: User | None, language: str = "en") -> APIClient:
    """A client that acts for a person and reads that language.

    Its requests have one id, which stands in problems: equal refusals are equal to the byte.
    """
    client = APIClient(headers={"accept-language": language, "x-request-id": "request-of-a-test"})
    if person is not None:
        client.force_authenticate(User.objects.get(pk=person.pk))
    return client


def people_of(here: world.World) -> dict[str, User | None]:
    """Everybody who might knock: the chain's people, a city's, and strangers."""
    code = here.chain.pk
    return {
        "nobody": None,
        "office": here.office,
        "department": here.department,
        "head": factories.make_user(Role.CHAIN_HEAD, chains=(code,)),
        "city": factories.make_user(Role.CITY_TASK_FORCE, chains=(code,), regions=("1401",)),
        "other_city": factories.make_user(Role.CITY_TASK_FORCE, chains=(code,), regions=("1402",)),
        "other_office": factories.make_user(Role.CHAIN_OFFICE, chains=("nev",)),
        "leader": here.leader,
        "integrator": factories.make_user(Role.INTEGRATOR, factories.firm_of(here.leader)),
        "member": here.member,
        "other_leader": factories.make_user(Role.LEADER_FIRM),
        "other_member": factories.make_user(Role.MEMBER_FIRM),
        **{role.value: factories.make_user(role) for role in sorted(ADMINISTRATORS)},
    }


@contextmanager
def told_once(blocker: DjangoDbBlocker) -> Iterator[Story]:
    """The story for all tests of a module, which ask in savepoints; nothing of it stays."""
    with blocker.unblock(), transaction.atomic():
        yield tell()
        transaction.set_rollback(True)


def tell() -> Story:
    """Build it all in the current transaction."""
    here = world.build()
    factories.make_chain("nev", "新能源汽车")
    story = Story(world=here, people=people_of(here))
    story.names = {"chain": here.chain.pk, "kind": "product", **_references(here)}
    first = world.finished_run(here, demands=1, supplies=3)
    # Who gets the quantity among equals depends on the credit codes; the demand has to stay open.
    accepted, asked, undecided = Match.objects.filter(run=first).order_by("allocated", "supply__key")
    _agree(here, accepted)
    review = review_match(actor=here.office, match_id=asked.pk, action=ReviewAction.SHORTLIST)
    published = publish(actor=here.office, run_id=first.pk)
    second = world.compute(start_run(actor=here.office, round_id=here.round.pk))
    pending = Match.objects.get(run=second, supply=undecided.supply_id)
    meeting = _meeting(here)
    gap, miss = _gap_and_miss(pending)
    notices.tell(users=[here.office, here.leader, here.member], key="hello", zh="你好", en="hello")
    first_rules = current_policy(chain_id=here.chain.pk, kind="product")
    adopt_rules(
        actor=here.office,
        chain_id=here.chain.pk,
        kind="product",
        rules=replace(rules_of(first_rules), max_suppliers=3),
    )
    story.names |= {
        "audit_entry": AuditEntry.objects.order_by("id")[0].pk,
        "join_request": factories.make_join_request(here.chain).pk,
        "person": here.member.public_id,
        **_people(here, story.people["system_admin"]),
        "policy": first_rules.pk,
        "proposal": factories.make_proposal(here.chain).pk,
        "round": here.round.pk,
        "open_round": factories.make_round(here.chain).pk,
        "planned_round": factories.make_round(factories.make_chain("nev"), RoundState.PLANNED).pk,
        "run": second.pk,
        "match": pending.pk,
        "run_demand": pending.demand_id,
        "run_supply": pending.supply_id,
        **_on_the_day(here, meeting),
        **_agreements(here, meeting),
        "review": review.pk,
        "list": published.pk,
        "meeting": meeting.pk,
        **_planning(here, meeting),
        "appointment": meeting.appointments.get().pk,
        **_invitation(here, meeting),
        "gap": gap.pk,
        "miss": miss.pk,
        "unsubscribe": notices.token_of(here.member),
        "pack": _pack(here, meeting.pk),
        "number": 0,
        "own_paper": "agenda.pdf",
        "upload": _upload(here),
        **_webhook(here),
        "confirmation": Confirmation.objects.get(demand=accepted.demand_id).pk,
        **_lines(here),
    }
    return story


def _people(here: world.World, administrator: User | None) -> dict[str, Any]:
    """A colleague of the leader, a role that waits for approval, an invitation."""
    assert administrator is not None
    firm = factories.firm_of(here.leader)
    colleague = factories.make_user(Role.LEADER_FIRM, firm)
    new = people.Wanted(role=Role.LEADER_FIRM, name="王工", email="wang@firm.example")
    newer = people.Wanted(role=Role.LEADER_FIRM, name="赵工", email="zhao@firm.example")
    return {
        "membership": colleague.memberships.get().public_id,
        "role_request": people.ask(actor=administrator, organisation_id=firm.pk, wanted=new).pk,
        "role_link": link_token(people.ask(actor=here.leader, organisation_id=firm.pk, wanted=newer)),
    }


def _agree(here: world.World, match: Match) -> Review:
    review = review_match(actor=here.office, match_id=match.pk, action=ReviewAction.SHORTLIST)
    decide(actor=here.leader, review_id=review.pk, action=ReviewAction.LEADER_ACCEPT)
    return decide(actor=here.member, review_id=review.pk, action=ReviewAction.MEMBER_ACCEPT)


def _planning(here: world.World, meeting: Any) -> dict[str, Any]:
    """A draft that is computed, an absence and a presence of the leader firm."""
    asked = draft(actor=here.office, meeting_id=meeting.pk, changes=Changes(slots=4))
    compute_draft(draft_id=asked.pk)
    firm, begins = factories.firm_of(here.leader), timezone.now() + timedelta(days=400)
    during = DateTimeTZRange(begins, begins + timedelta(hours=2))
    absence = add_absence(actor=here.leader, organisation=firm, during=during)
    presence = save_presence(actor=here.leader, presence=Presence(organisation=firm))
    return {"draft": asked.pk, "absence": absence.pk, "presence": presence.pk}


def _meeting(here: world.World) -> Any:
    rule = factories.make_rule(here.chain)
    meeting = propose(rule_id=rule.pk, today=timezone.localdate())
    assert meeting is not None
    return decide_meeting(actor=here.department, meeting_id=meeting.pk, action=MeetingAction.APPROVE)


def _on_the_day(here: world.World, meeting: Any) -> dict[str, Any]:
    """The leader firm was checked in, and its appointment begun, by mistake."""
    leader = factories.firm_of(here.leader).pk
    arrival = floor.check_in(actor=here.office, meeting_id=meeting.pk, organisation_id=leader)
    appointment = meeting.appointments.get().pk
    for step in (SittingAction.BEGIN, SittingAction.UNDO):
        floor.step(actor=here.office, appointment_id=appointment, action=step)
    floor.undo_check_in(actor=here.office, meeting_id=meeting.pk, organisation_id=leader)
    return {"arrival": arrival.pk, "sitting": appointment, "pass": pass_of(meeting.pk, leader)}


def _agreements(here: world.World, meeting: Any) -> dict[str, Any]:
    """An intent that the leader firm has stated, with a scan, and what came of the appointment."""
    pair = meeting.appointments.get().review
    intent = state_agreement(
        actor=here.leader, review_id=pair.pk, kind=Kind.INTENT, terms={"amount": Decimal("731913.31")}
    )
    scan = SimpleUploadedFile("意向书.pdf", b"%PDF-1.7 intent")
    outcome = record_outcome(
        actor=here.office, appointment_id=meeting.appointments.get().pk, result=Result.MET
    )
    milestone = plan_step(actor=here.office, review_id=pair.pk, due_on=timezone.localdate())
    late = timezone.localdate() + timedelta(days=30)
    follow_up(today=late)
    return {
        "accepted": pair.pk,
        "order": milestone.orders.get().pk,
        "agreement": intent.pk,
        "own_agreement": intent.pk,
        "agreement_file": attach_to_agreement(actor=here.leader, agreement=intent, upload=scan).pk,
        "outcome": outcome.pk,
    }


def _invitation(here: world.World, meeting: Any) -> dict[str, Any]:
    """The leader firm's invitation, its link, and an office that is no guest yet."""
    invitations.keep_up(meeting_id=meeting.pk, now=timezone.now())
    found = Invitation.objects.get(meeting=meeting, organisation=factories.firm_of(here.leader))
    return {
        "invitation": found.pk,
        "calendar": invitations.make_address(actor=here.leader)[0].pk,
        "invitation_link": token_of(found, here.leader),
        "guest": factories.make_office().pk,
    }


DEAR = 1_000


def _gap_and_miss(match: Match) -> tuple[Gap, NearMiss]:
    gap = Gap.objects.create(
        run=match.run,
        demand=match.demand,
        demand_title=match.demand_title,
        type="capacity",
        uncovered=2500,
        evidence_zh="产能不足",
        evidence_en="too little capacity",
    )
    return gap, _dear(match)


def _dear(match: Match) -> NearMiss:
    """The pair of ``match`` as it would be at a price of 13.75 under a ceiling of 12.5."""
    sides = (Side.NEED, match.need_position, need_of, {"price_ceiling": Decimal("12.5")})
    other = (Side.OFFER, match.offer_position, offer_of, {"price_low": Decimal("13.75")})
    for side, position, read, changes in (sides, other):
        line = FrozenLine.objects.get(run=match.run, side=side, position=position)
        value: Any = read(line)
        line.pk, line.position, line.line_id, line.key = None, DEAR, uuid.uuid4(), f"{line.key}/dear"
        line.payload, line.sealed = wire.encode(replace(value, key=line.key, **changes)).decode(), []
        line.save()
    return NearMiss.objects.create(
        run=match.run,
        demand=match.demand,
        supply=match.supply,
        demand_title=match.demand_title,
        supply_title=match.supply_title,
        rank=1,
        score=5000,
        need_position=DEAR,
        offer_position=DEAR,
        verdicts=f"{match.verdicts} Y-1000",
        values=match.values,
    )


def _references(here: world.World) -> dict[str, Any]:
    Region.objects.get_or_create(code="14", defaults={"name": "山西省", "level": "province"})
    Region.objects.get_or_create(code="1401", defaults={"name": "太原市", "level": "city", "parent_id": "14"})
    entry = GlossaryEntry.objects.create(kind="synonym", chain=here.chain, words=["硅片", "单晶硅片"])
    token, _secret = factories.make_token(here.leader)
    application, _client_secret = factories.make_application(here.leader)
    return {
        "region": "1401",
        "entry": entry.pk,
        "token": token.pk,
        "application": application.client_id,
        "organisation": factories.firm_of(here.leader).pk,
    }


def _pack(here: world.World, meeting: Any) -> Any:
    """Papers that are made, with a letter of the office's own."""
    letter = SimpleUploadedFile("意向书.docx", LETTER)
    keep_template(actor=here.office, chain=here.chain, upload=letter)
    pack = order(actor=here.office, meeting_id=meeting, issuer="示例省光伏产业链链长办公室")
    held = lease_pack(pack_id=pack.pk)
    assert held is not None
    work_on(held)
    return pack.pk


def _upload(here: world.World) -> Any:
    """A file of the leader's list that has been compared: a new row and a faulty one."""
    name, content = FILES["SHEET"]
    upload = receive(
        actor=here.leader,
        organisation=factories.firm_of(here.leader),
        side="demand",
        kind="product",
        file=SimpleUploadedFile(name, content),
    )
    held = lease(upload_id=upload.pk)
    assert held is not None
    rows = ({"key": "U1", "chain": here.chain.pk, "title": "电池片"}, {"key": "U2", "title": ""})
    preview(held=held, reading=reading(rows))
    return upload.pk


def _webhook(here: world.World) -> dict[str, Any]:
    """A webhook of the leader firm that has taken a test message."""
    issued = webhooks.create(
        actor=here.leader,
        organisation_id=factories.firm_of(here.leader).pk,
        url="https://erp.example.com/hook",
        events=["demand_line.changed"],
        description="ERP",
    )
    delivery = webhooks.send_test(actor=here.leader, endpoint_id=issued.endpoint.pk)
    (held,) = webhooks.claim(limit=1)
    webhooks.settle(held=held, answer=Answer(200, body="ok", milliseconds=12))
    return {"webhook": issued.endpoint.pk, "delivery": delivery.pk}


def _lines(here: world.World) -> dict[str, Any]:
    names: dict[str, Any] = {}
    for state in (LineState.DRAFT, LineState.SUBMITTED, LineState.VERIFIED, LineState.WITHDRAWN):
        demand = factories.make_demand(
            here.leader, here.chain, state=state, price_ceiling=12, valid_until=timezone.localdate()
        )
        supply = factories.make_supply(here.member, here.chain, state=state, price_low=10, price_high=14)
        names |= {f"{state}_demand": demand.pk, f"{state}_supply": supply.pk}
    verified = DemandLine.objects.get(pk=names["verified_demand"])
    upload = SimpleUploadedFile("图纸.pdf", b"%PDF-1.7 drawing")
    names["attachment"] = attach(actor=here.leader, demand=verified, upload=upload).pk
    offered = SupplyLine.objects.get(pk=names["verified_supply"])
    names |= {"supply_uscc": offered.organisation.uscc, "supply_key": offered.key}
    rule = here.chain.meeting_rules.get()
    names |= {"rule": rule.pk, "venue": rule.venue_id}
    return names
