"""How the portal writes values: badges, quantities, scores, sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.db import models
from django.forms import BoundField
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User
from accounts.roles import Role
from matching.agreements.amounts import Amount, Step
from matching.agreements.amounts import wan as in_ten_thousands
from matching.engine.conditions import from_text
from matching.engine.types import Outcome
from matching.engine.whatif import failing_place
from matching.lists import access as lists_access
from matching.lists.forms import written as value_in_words
from matching.lists.states import LineAction, LineNote
from matching.meetings.states import MeetingAction
from matching.memory.services import Outcome as Told
from matching.notices.models import Notice
from matching.review.states import NEEDS_REASON, ReviewAction, ReviewState
from matching.runs.models import Band, Gap, NearMiss
from matching.runs.words import (
    CRITERIA,
    MEASURES,
    OUTCOMES,
    SECRET_KINDS,
    SOURCES,
    VERDICTS,
    condition_in_words,
    term_in_words,
    term_value,
)

register = template.Library()
NOTHING = "—"
DESTRUCTIVE = frozenset({MeetingAction.DECLINE, MeetingAction.CANCEL, "withdraw", "return", "reject"})

TOLD = {
    Told.REMEMBERED: _("remembered"),
    Told.KNOWN: _("known already"),
    Told.REVOKED: _("revoked before"),
    Told.REFUSED: _("refused"),
}


@register.filter
def told(outcome: Told) -> str:
    """What became of a pair that an office told."""
    return str(TOLD[outcome])


@register.filter
def badge(record: models.Model) -> SafeString:
    """State of a record as a coloured word."""
    label = record.get_state_display()  # type: ignore[attr-defined]
    return _badge(record.state, label)  # type: ignore[attr-defined]


@register.filter
def step_name(code: str | None) -> str:
    """Name of a step on the way to delivery."""
    return str(Step(code).label) if code else NOTHING


@register.filter
def review_badge(state: str) -> SafeString:
    """State of a pair's review as a coloured word."""
    return _badge(state, str(ReviewState(state).label))


@register.filter
def band_badge(band: str) -> SafeString:
    """Band of a match as a coloured word."""
    return format_html('<span class="badge band band-{}">{}</span>', band, Band(band).label)


@register.filter
def gap_type(code: str) -> str:
    """Name of a kind of gap."""
    return str(dict(Gap._meta.get_field("type").flatchoices).get(code, code))


def _badge(state: str, label: str) -> SafeString:
    return format_html('<span class="badge state state-{}">{}</span>', state, label)


@register.filter
def amount(value: Decimal | int | str | None) -> str:
    """A quantity without idle zeros, thousands apart: 12,345.5."""
    if value is None or value == "":
        return NOTHING
    number = Decimal(value)
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def wan(value: Decimal | Amount | str | None) -> str:
    """CNY as 万元."""
    return in_ten_thousands(Decimal(value) if isinstance(value, str) else value)


@register.filter
def points(value: int | None) -> str:
    """Basis points as points of a hundred with one decimal: 7350 → 73.5."""
    return NOTHING if value is None else f"{value / 100:.1f}"


@register.filter
def percent(value: int | None) -> str:
    """Basis points as percent: 7350 → 73.5%."""
    return NOTHING if value is None else f"{value / 100:g}%"


@register.filter
def span(duration: timedelta) -> str:
    """A duration as people say it: seconds up to two minutes, then minutes, then hours."""
    seconds = round(duration.total_seconds())
    if seconds < 120:
        return ngettext("%(count)d second", "%(count)d seconds", seconds) % {"count": seconds}
    if seconds < 7200:
        return ngettext("%(count)d minute", "%(count)d minutes", seconds // 60) % {"count": seconds // 60}
    return ngettext("%(count)d hour", "%(count)d hours", seconds // 3600) % {"count": seconds // 3600}


@register.filter
def time_left(moment: datetime) -> str:
    """How long until a moment: whole days where there are two, hours and minutes below."""
    left = max(moment - timezone.now(), timedelta())
    if left.days < 2:
        return span(left)
    return ngettext("%(count)d day", "%(count)d days", left.days) % {"count": left.days}


@register.filter
def phrase(sentence: Mapping[str, str] | None) -> str:
    """A sentence of the engine in the reader's language."""
    if not sentence:
        return ""
    return sentence["en" if (get_language() or "").startswith("en") else "zh"]


@register.filter
def written(row: Any) -> str:
    """The value of a requirement or property as people write it: ≥690MPa."""
    return value_in_words(row)


@register.filter
def line_action(code: str) -> str:
    """Name of what happened to a line."""
    known = LineAction if code in LineAction else LineNote
    return str(known(code).label)


@register.filter
def review_action(code: str) -> str:
    """Name of a step of a review."""
    return str(ReviewAction(code).label) if code in ReviewAction else code


@register.filter
def criterion(code: str) -> str:
    """Name of a criterion of the score."""
    return str(CRITERIA.get(code, code))


@register.filter
def term_name(term: tuple[str, str]) -> str:
    """Name of a term of a policy."""
    return term_in_words(term)


@register.simple_tag
def term_of(term: tuple[str, str], value: int | None) -> str:
    """Value of a term of a policy."""
    return term_value(term, value)


@register.filter
def verdict(code: str) -> str:
    """What came of learning from decisions."""
    return str(VERDICTS[code])


@register.filter
def learnt_from(code: str) -> str:
    """Name of what is known of a pair."""
    return str(SOURCES[code])


@register.filter
def measure(code: str) -> str:
    """What a held-out figure measures."""
    return str(MEASURES[code])


@register.filter
def condition_name(condition: Mapping[str, Any]) -> str:
    """What a condition speaks about: the parameter's own name, or the name of its kind."""
    return condition_in_words(condition)


@register.filter
def failing_ordinal(miss: NearMiss) -> int:
    """Which of its demand's conditions of that kind a near miss fails, from 0."""
    return failing_place(from_text(miss.verdicts))[1]


@register.filter
def secret_condition(condition: Mapping[str, Any]) -> bool:
    """Whether the two values of a condition are trade secrets."""
    return condition["kind"] in SECRET_KINDS


@register.filter
def needs_reason(action: str) -> bool:
    """Whether a step of a review is taken only with a reason."""
    return action in NEEDS_REASON


@register.filter
def outcome(code: str) -> SafeString:
    """Result of a condition as a coloured word."""
    return format_html('<span class="outcome outcome-{}">{}</span>', code, OUTCOMES[Outcome(code)])


@register.filter
def of(key: Any, values: Mapping[Any, Any]) -> Any:
    """``values[key]``; empty where there is none."""
    return values.get(key, "")


@register.filter
def chosen(field: BoundField) -> str:
    """What a filter is set to, in the words of its field."""
    value = field.value()
    choices = _ungrouped(getattr(field.field, "choices", ()))
    return next((str(label) for code, label in choices if str(code) == str(value)), str(value))


def _ungrouped(choices: Iterable[tuple[Any, Any]]) -> Iterator[tuple[Any, Any]]:
    for code, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield code, label


@register.filter
def is_destructive(action: str) -> bool:
    """Whether a button of this action should look like a warning."""
    return action in DESTRUCTIVE


@register.simple_tag(takes_context=True)
def unread_notices(context: dict[str, Any]) -> int:
    """How many notices the reader has not seen; one query."""
    user = context.get("user")
    return Notice.objects.visible_to(user).filter(read_at=None).count() if isinstance(user, User) else 0


@register.simple_tag
def demo_accounts() -> list[Membership]:
    """One demo account a role, for the sign-in page of the demo."""
    found = Membership.objects.filter(user__is_demo=True, user__is_active=True, is_active=True)
    first = found.order_by("role", "pk").distinct("role").select_related("user", "organisation")
    by_role = {membership.role: membership for membership in first}
    return [by_role[role] for role in Role.values if role in by_role and role != Role.INTEGRATOR]


@register.filter
def verifies(user: User) -> bool:
    """Whether the menu leads to the queue of lines that wait."""
    return lists_access.verifies(user)
