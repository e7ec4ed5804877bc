"""What people are told of agreements, milestones and supervision orders."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import User
from accounts.roles import Role
from matching.agreements import access
from matching.agreements.models import Agreement, Milestone, Side, SupervisionOrder
from matching.agreements.states import OrderAction
from matching.lists.services import people_of
from matching.notices.models import Notice, Topic
from matching.notices.services import tell
from matching.review.models import Review

_WORDS = {
    "state": ("对方填报了合作进展，请确认", "The other side has stated an agreement; please confirm"),
    "record": ("专班登记了合作进展", "The office has recorded an agreement"),
    "confirm": ("合作进展已确认", "An agreement is confirmed"),
    "dispute": ("对方对填报的合作进展有异议", "An agreement is disputed"),
    "correct": ("合作进展有更正，请确认", "A correction of an agreement awaits confirmation"),
    "withdraw": ("填报的合作进展已撤回", "A statement was withdrawn"),
    "annul": ("一条合作进展被作废", "An agreement was annulled"),
    "break_off": ("一项合作已终止", "A cooperation was broken off"),
    "deliver": ("已登记交付", "The delivery is recorded"),
}


def link_to(review: Review) -> str:
    """Portal path of a pair's progress."""
    return f"/progress/{review.pk}/"


def tell_parties(review: Review, word: str, key: str, *, beside: Side | None = None) -> None:
    """Both firms learn of a step; ``beside``: the firm that took it knows already."""
    zh, en = _WORDS[word]
    for side, line in ((Side.DEMAND, review.demand), (Side.SUPPLY, review.supply)):
        if side != beside:
            tell(
                users=people_of(line.organisation),
                key=f"{word}:{key}"[:120],
                zh=f"{zh}:{line.title}"[:300],
                en=f"{en}: {line.title}"[:300],
                link=link_to(review),
                topic=Topic.AGREEMENTS,
            )


def tell_step(agreement: Agreement, word: str, side: Side) -> None:
    """The other side of an agreement learns of a step."""
    key = f"{agreement.pk}:{agreement.events.count()}"
    tell_parties(agreement.review, word, key, beside=side)


def remind_firms(milestone: Milestone, *, late: bool, key: str) -> list[Notice]:
    """Both firms of a pair learn that a step is due, or late."""
    review, due = milestone.review, milestone.due_on
    told = []
    for line in (review.demand, review.supply):
        zh = f"“{milestone.get_step_display()}”" + (f"已逾期（应于{due}）" if late else f"将于{due}到期")
        en = f"“{milestone.step}” " + (f"was due on {due}" if late else f"is due on {due}")
        told += tell(
            users=people_of(line.organisation),
            key=key[:120],
            zh=f"{zh}:{line.title}"[:300],
            en=f"{en}: {line.title}"[:300],
            link=link_to(review),
            topic=Topic.AGREEMENTS,
        )
    return told


def _in_roles(*roles: Role) -> Iterable[User]:
    return User.objects.filter(
        is_active=True, memberships__is_active=True, memberships__role__in=roles
    ).distinct()


def tell_department(order: SupervisionOrder, word: str, zh: str, en: str) -> None:
    """Whoever must answer a supervision order learns of it."""
    people = _in_roles(Role.LEAD_DEPARTMENT)
    _tell(order, word, zh, en, [one for one in people if access.may_order(one, order, OrderAction.ANSWER)])


def tell_office(order: SupervisionOrder, word: str, zh: str, en: str) -> None:
    """Whoever closes a supervision order learns of its answer."""
    people = _in_roles(Role.CHAIN_OFFICE)
    _tell(order, word, zh, en, [one for one in people if access.may_order(one, order, OrderAction.CLOSE)])


def _tell(order: SupervisionOrder, word: str, zh: str, en: str, people: list[User]) -> None:
    chain = order.chain
    tell(
        users=people,
        key=f"order:{order.pk}:{word}"[:120],
        zh=f"{zh}：{chain.name_zh} 第{order.number}号督办单"[:300],
        en=f"{en}: supervision order {order.number} of {chain.name_en}"[:300],
        link=f"/supervision/{order.pk}/",
        topic=Topic.AGREEMENTS,
    )
