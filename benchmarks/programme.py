"""A programme at full size for measuring pages: long lists in every state, a published run, people."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Count
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.roles import EVERYWHERE, Role
from accounts.services import open_account
from benchmarks.lines import CHAIN, generate
from benchmarks.published import watched, workers
from benchmarks.rows import copy, fill
from matching.lists.models import DemandLine, SupplyLine
from matching.memory.models import Confirmation, Source, same_words
from matching.notices.models import Notice
from matching.review.models import Review
from matching.review.services import decide, review_many
from matching.review.states import ReviewAction, ReviewState
from matching.runs.models import Match, MatchingList, MatchingRun
from matching.runs.services import publish, start_run

NEEDS_OF_LINES = 20
"""One line of this many is a need."""
SHORTLISTED, ACCEPTED = 400, 200
NOTICES, CONFIRMATIONS = 10, 10
"""A notice, a confirmation for every so many lines."""
SPREAD = """
UPDATE {table} SET submitted_at = now() - (abs(hashtext(id::text)) % 40000) * interval '1 minute',
    updated_at = now() - (abs(hashtext(id::text)) % 40000) * interval '1 minute',
    state = (ARRAY['submitted', 'returned', 'verified', 'verified', 'verified', 'verified', 'verified',
        'verified', 'verified', 'verified'])[1 + abs(hashtext(id::text)) % 10]
"""


@dataclass
class Programme:
    """People by role, and ids that stand in addresses."""

    people: dict[str, User] = field(default_factory=dict)
    names: dict[str, Any] = field(default_factory=dict)


def fill_programme(lines: int, folder: Path) -> None:
    """Lines, people, a run by real workers, decisions, a published list; minutes at 200,000 lines."""
    needs = lines // NEEDS_OF_LINES
    filled = fill(*generate(needs, lines - needs))
    with connection.cursor() as cursor:
        for model in (DemandLine, SupplyLine):
            cursor.execute(SPREAD.format(table=model._meta.db_table))
    _open_accounts(filled.office)
    with workers(folder):
        run = start_run(actor=filled.office, round_id=filled.round.pk)
        watched(run)
    _decide(filled.office, run)
    publish(actor=filled.office, run_id=run.pk)
    copy(Notice, list(_notices(lines)))
    copy(Confirmation, list(_confirmations(lines)))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def found_programme() -> Programme:
    """The people and ids of a database that ``fill_programme`` has filled."""
    people = {user.username: user for user in User.objects.order_by("pk")}
    names = {"run": MatchingRun.objects.get().pk, "list": MatchingList.objects.get().pk}
    return Programme(people, names)


def _open_accounts(office: User) -> None:
    authority = office.active_memberships[0].organisation
    leader, member = (_busiest(model) for model in (DemandLine, SupplyLine))
    for name, role, organisation, regions in (
        ("department", Role.LEAD_DEPARTMENT, authority, (EVERYWHERE,)),
        ("city", Role.CITY_TASK_FORCE, authority, ("1401",)),
        ("leader", Role.LEADER_FIRM, leader, (EVERYWHERE,)),
        ("member", Role.MEMBER_FIRM, member, (EVERYWHERE,)),
    ):
        open_account(
            username=name, password=uuid.uuid4().hex, name=name, organisation=organisation, role=role,
            chains=(CHAIN,), regions=regions,
        )  # fmt: skip


def _busiest(model: Any) -> Organisation:
    most = model.objects.values("organisation").annotate(lines=Count("pk")).order_by("-lines").first()
    return Organisation.objects.get(pk=most["organisation"])


def _decide(office: User, run: MatchingRun) -> None:
    """Some decisions of the office, and the yes of the firms that have accounts."""
    leader, member = (User.objects.get(username=name) for name in ("leader", "member"))
    firms = [user.firms()[0] for user in (leader, member)]
    found = Match.objects.filter(run=run)
    chosen = [
        *found.filter(demand__organisation=firms[0]).values_list("pk", flat=True)[:SHORTLISTED],
        *found.filter(supply__organisation=firms[1]).values_list("pk", flat=True)[:SHORTLISTED],
    ]
    review_many(actor=office, match_ids=chosen, action=ReviewAction.SHORTLIST)
    asked = Review.objects.filter(state=ReviewState.SHORTLISTED, demand__organisation=firms[0])
    for review in asked[:ACCEPTED]:
        decide(actor=leader, review_id=review.pk, action=ReviewAction.LEADER_ACCEPT)


def _notices(lines: int) -> Iterator[dict[str, Any]]:
    now = timezone.now()
    for user in User.objects.all():
        for number in range(lines // NOTICES // 10):
            yield {
                "id": uuid.uuid4(),
                "user_id": user.pk,
                "key": f"benchmark/{number}",
                "text_zh": f"匹配清单第{number}号已发布",
                "text_en": f"Matching list no. {number} is published",
                "link": "/notices/",
                "created_at": now - timedelta(minutes=number),
            }


def _confirmations(lines: int) -> Iterator[dict[str, Any]]:
    today = timezone.localdate()
    for pk, title in SupplyLine.objects.values_list("pk", "title")[: lines // CONFIRMATIONS]:
        yield {
            "id": uuid.uuid4(),
            "chain_id": CHAIN,
            "supply_id": pk,
            "text": title,
            "product": title,
            "text_key": same_words(title),
            "product_key": same_words(title),
            "source": Source.OFFICE.value,
            "confirmed_on": today,
        }
