"""Verbs on single lines."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.roles import OrganisationKind
from matching.chains.models import ChainNode
from matching.errors import Conflict, Forbidden, Invalid
from matching.lists import access
from matching.lists.models import MAX_REASON, VALID_DAYS, DemandLine, Line, LineEvent, SupplyLine
from matching.lists.services.checking import References
from matching.lists.services.content import CHILD_ROWS, Row, current_rows, replace_rows
from matching.lists.services.people import PARENT, link_to, people_of
from matching.lists.services.settling import hand_in, open_round, refuse_promised, settle
from matching.lists.states import LINE, LineAction, LineNote
from matching.notices.models import Topic
from matching.notices.services import tell

AnyLine = TypeVar("AnyLine", DemandLine, SupplyLine)
_OWNER_KIND = {DemandLine: OrganisationKind.LEADER_FIRM, SupplyLine: OrganisationKind.MEMBER_FIRM}


@transaction.atomic
def save_line(
    *,
    actor: User,
    model: type[AnyLine],
    organisation: Organisation,
    key: str,
    values: Mapping[str, Any],
    rows: Mapping[str, Sequence[Row]],
    partial: bool = False,
    create: bool = False,
    seen: datetime | None = None,
) -> AnyLine:
    """Create or change the line with that natural key.

    ``values`` are columns, ``rows`` the lists of child rows; with ``partial`` what is not named stays.
    With ``create`` the line must be new, and an empty ``key`` is given the next free number. ``seen`` is the
    line's ``updated_at`` as the writer saw it: with a later one nothing is written.
    Side effects: a changed line becomes a draft again and is no longer handed in; an unchanged one stays in
    its state, but a withdrawn one is restored as a draft. ``valid_until`` is not content: where it is named
    it is stored as given, and a later one confirms an unchanged line as ``LineAction.CONFIRM`` does. One
    event for each change of content or state.
    Raises ``Forbidden``, ``Conflict`` (``key_taken``, ``changed_meanwhile``), ``Invalid`` naming each field.
    """
    refuse_foreign_firm(actor, organisation, model)
    kind = values.get("kind", "product")
    if create:
        lock_numbers(organisation)
        key = key or next_key(organisation=organisation, model=model, kind=kind)
    line = model.objects.select_for_update().filter(organisation=organisation, kind=kind, key=key).first()
    if create and line is not None:
        raise Conflict(_("Your list has a line %(key)s already.") % {"key": key}, code="key_taken")
    if line is not None and seen is not None and line.updated_at != seen:
        raise Conflict(_("The line was changed meanwhile; nothing is stored yet."), code="changed_meanwhile")
    if line is None:
        line = model(organisation=organisation, key=key)
    kept = current_rows(line) if partial and not line._state.adding else dict.fromkeys(CHILD_ROWS[model], ())
    wanted: dict[str, Sequence[Row]] = {**kept, **rows}
    settled = settle(line, values, wanted, References())
    line.save()
    if settled.rewritten:
        replace_rows(model, [(line, wanted)])
    if settled.action is not None:
        record(line, settled.action, actor)
    return line


def lock_numbers(organisation: Organisation) -> None:
    """Line numbers of a firm are given out one transaction at a time."""
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def refuse_foreign_firm(actor: User, organisation: Organisation, model: type[Line]) -> None:
    if not actor.acts_for(organisation.pk):
        raise Forbidden(_("You do not act for this firm."), code="not_your_firm")
    if organisation.kind != _OWNER_KIND[model]:
        raise Forbidden(
            _("Leader firms write demand lines, member firms supply lines."), code="wrong_kind_of_firm"
        )


def record(
    line: DemandLine | SupplyLine, action: LineAction | LineNote, actor: User | None, reason: str = ""
) -> None:
    """One event of a line: who, when, why."""
    event_of(line, action, actor, reason).save()


def event_of(
    line: DemandLine | SupplyLine, action: LineAction | LineNote, actor: User | None, reason: str = ""
) -> LineEvent:
    """The event, not stored yet."""
    owner: dict[str, Any] = {PARENT[type(line)]: line}
    return LineEvent(action=action, state=line.state, reason=reason, actor=actor, **owner)


@transaction.atomic
def change_line(
    *,
    actor: User,
    model: type[AnyLine],
    line_id: uuid.UUID,
    action: LineAction,
    reason: str = "",
    valid_until: date | None = None,
) -> AnyLine:
    """Submit, verify, return, withdraw, restore or confirm a line.

    Side effects: one event; the firm is told of a return, with the reason. Concurrent calls: one wins,
    the other gets ``Conflict``. Raises ``Forbidden`` for the wrong role, ``Invalid`` for what is missing.
    """
    line = model.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=line_id)
    if not access.may(actor, line, action):
        raise Forbidden(_("Your role does not allow this."), code="not_your_line")
    _check_reason(reason)
    if action == LineAction.EDIT:
        raise Invalid({"action": [_("Change a line by writing its fields.")]})
    target = LINE.target(line.state, action)
    _APPLY.get(action, _apply_nothing)(line, reason, valid_until)
    line.state = target
    line.reason = reason if action == LineAction.RETURN else ""
    line.save()
    record(line, action, actor, reason)
    if action == LineAction.RETURN:
        _tell_return(line)
    return line


_REASON_RULES = (MaxLengthValidator(MAX_REASON), ProhibitNullCharactersValidator())


def _check_reason(reason: str) -> None:
    for rule in _REASON_RULES:
        try:
            rule(reason)
        except ValidationError as error:
            raise Invalid({"reason": error.messages}) from error


def _apply_nothing(line: Line, reason: str, valid_until: date | None) -> None:
    return None


def _apply_submit(line: DemandLine | SupplyLine, reason: str, valid_until: date | None) -> None:
    hand_in(line, open_round(line.chain_id, line.kind))


def _apply_verify(line: Line, reason: str, valid_until: date | None) -> None:
    line.verified_at = timezone.now()


def _apply_return(line: Line, reason: str, valid_until: date | None) -> None:
    if not reason.strip():
        raise Invalid({"reason": [_("Tell the firm what to mend.")]}, code="required")


def _apply_confirm(line: Line, reason: str, valid_until: date | None) -> None:
    line.valid_until = valid_until or timezone.localdate() + timedelta(days=VALID_DAYS)
    line.reminded_for = None
    if line.valid_until < timezone.localdate():
        raise Invalid({"valid_until": [_("Choose a day that has not passed.")]}, code="day_passed")


def _apply_withdraw(line: Line, reason: str, valid_until: date | None) -> None:
    refuse_promised(line)


_APPLY = {
    LineAction.SUBMIT: _apply_submit,
    LineAction.VERIFY: _apply_verify,
    LineAction.RETURN: _apply_return,
    LineAction.CONFIRM: _apply_confirm,
    LineAction.WITHDRAW: _apply_withdraw,
}


def _tell_return(line: DemandLine | SupplyLine) -> None:
    tell(
        users=people_of(line.organisation),
        key=f"returned:{line.pk}:{timezone.now():%Y%m%d%H%M%S%f}",
        zh=f"“{line.title}”（{line.key}）被退回：{line.reason}"[:300],
        en=f"“{line.title}” ({line.key}) was returned: {line.reason}"[:300],
        link=link_to(line),
        topic=Topic.LISTS,
    )


def next_key(
    *, organisation: Organisation, model: type[DemandLine] | type[SupplyLine], kind: str = "product"
) -> str:
    """The next free line number of a firm that numbers nothing itself: D0001 / S0001.

    It stays free only under ``lock_numbers``.
    """
    return next(free_keys(organisation=organisation, model=model, kind=kind))


def free_keys(
    *,
    organisation: Organisation,
    model: type[DemandLine] | type[SupplyLine],
    kind: str,
    spoken_for: Iterable[str] = (),
) -> Iterator[str]:
    """Free line numbers one after the other, none of them in ``spoken_for``."""
    letter = "D" if model is DemandLine else "S"
    own = model.objects.filter(organisation=organisation, kind=kind, key__startswith=letter)
    taken = set(own.values_list("key", flat=True))
    taken.update(key for key in spoken_for if key.startswith(letter))
    number = len(taken) + 1
    while True:
        if (key := f"{letter}{number:04}") not in taken:
            yield key
        number += 1


def node_by_code(*, chain_id: str, code: str) -> ChainNode:
    """A chain's node. Raises ``Invalid`` where there is none."""
    node = ChainNode.objects.filter(chain_id=chain_id, code=code).first()
    if node is None:
        raise Invalid(
            {"node": [_("The chain has no node “%(code)s”.") % {"code": code}]}, code="does_not_exist"
        )
    return node
