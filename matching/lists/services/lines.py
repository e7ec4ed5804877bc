"""Verbs on single lines."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

import msgspec
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.roles import OrganisationKind
from matching import kinds
from matching.chains.models import ChainNode
from matching.errors import Conflict, Forbidden, Invalid
from matching.lists import access
from matching.lists.models import (
    MAX_REASON,
    VALID_DAYS,
    Certificate,
    DemandLine,
    Line,
    LineEvent,
    Property,
    Requirement,
    Round,
    SupplyLine,
)
from matching.lists.services.people import PARENT, link_to, people_of
from matching.lists.states import LINE, LineAction, LineState, RoundState
from matching.notices.services import tell

AnyLine = TypeVar("AnyLine", DemandLine, SupplyLine)
Row = Mapping[str, Any]
CHILD_ROWS: dict[type[Line], dict[str, type[Any]]] = {
    DemandLine: {"requirements": Requirement},
    SupplyLine: {"properties": Property, "certificates": Certificate},
}
_OWNER_KIND = {DemandLine: OrganisationKind.LEADER_FIRM, SupplyLine: OrganisationKind.MEMBER_FIRM}


def content_of(line: Line, rows: Mapping[str, Sequence[Row]]) -> str:
    """Fingerprint of everything that a firm wrote in a line, but for how long it holds.

    ``valid_until`` stands outside: confirming a line does not change what was verified.
    """
    columns = {
        column.attname: getattr(line, column.attname)
        for column in line._meta.concrete_fields
        if column.editable and column.name not in _NOT_CONTENT
    }
    content = {"columns": columns, "rows": {name: [dict(row) for row in rows[name]] for name in sorted(rows)}}
    return hashlib.sha256(msgspec.json.encode(_plain(content), order="deterministic")).hexdigest()


_NOT_CONTENT = {"state", "reason", "round", "organisation", "valid_until"}


def _plain(value: Any) -> Any:
    """Numbers and words as they read, so that 3, 3.0 and 3.0000 are one value."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "normalize") and not isinstance(value, str):
        return format(value.normalize(), "f")
    return value if value is None or isinstance(value, str | bool) else str(value)


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
) -> AnyLine:
    """Create or change the line with that natural key.

    ``values`` are columns, ``rows`` the lists of child rows; with ``partial`` what is not named stays.
    With ``create`` the line must be new, and an empty ``key`` is given the next free number.
    Side effects: a changed line becomes a draft again and is no longer handed in; an unchanged one stays in
    its state, but a withdrawn one is restored as a draft. ``valid_until`` is not content: where it is named
    it is stored as given, and a later one confirms an unchanged line as ``LineAction.CONFIRM`` does. One
    event for each change of content or state.
    Raises ``Forbidden``, ``Conflict`` (``key_taken``) or ``Invalid`` naming each field.
    """
    _refuse_foreign_firm(actor, organisation, model)
    kind = values.get("kind", "product")
    if create:
        lock_numbers(organisation)
        key = key or next_key(organisation=organisation, model=model, kind=kind)
    line = model.objects.select_for_update().filter(organisation=organisation, kind=kind, key=key).first()
    if create and line is not None:
        raise Conflict(_("Your list has a line %(key)s already.") % {"key": key}, code="key_taken")
    if line is None:
        line = model(organisation=organisation, key=key)
    held_until = line.valid_until
    kept = (
        _current_rows(line)
        if partial and not line._state.adding
        else {name: [] for name in CHILD_ROWS[model]}
    )
    wanted: dict[str, Sequence[Row]] = {**kept, **rows}
    for name, value in values.items():
        setattr(line, name, value)
    _check_content(line, wanted)
    fingerprint = content_of(line, wanted)
    if line.valid_until != held_until:
        line.reminded_for = None
    if fingerprint == line.fingerprint and not line._state.adding:
        return _save_unchanged(line, actor, held_until)
    if line.state == LineState.WITHDRAWN:
        line.state = LINE.target(line.state, LineAction.RESTORE)
    if not line._state.adding:
        line.state = LINE.target(line.state, LineAction.EDIT)
    line.fingerprint = fingerprint
    line.submitted_at = None
    line.save()
    _replace_rows(line, wanted)
    record(line, LineAction.EDIT, actor)
    return line


def _save_unchanged(line: AnyLine, actor: User, held_until: date) -> AnyLine:
    action = None
    if line.state == LineState.WITHDRAWN:
        action = LineAction.RESTORE
    elif line.valid_until > held_until and LINE.allows(line.state, LineAction.CONFIRM):
        action = LineAction.CONFIRM if line.valid_until >= timezone.localdate() else None
    if action is not None:
        line.state = LINE.target(line.state, action)
    line.save()
    if action is not None:
        record(line, action, actor)
    return line


def lock_numbers(organisation: Organisation) -> None:
    """Line numbers of a firm are given out one transaction at a time."""
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def _refuse_foreign_firm(actor: User, organisation: Organisation, model: type[Line]) -> None:
    if not actor.acts_for(organisation.pk):
        raise Forbidden(_("You do not act for this firm."), code="not_your_firm")
    if organisation.kind != _OWNER_KIND[model]:
        raise Forbidden(
            _("Leader firms write demand lines, member firms supply lines."), code="wrong_kind_of_firm"
        )


def _current_rows(line: DemandLine | SupplyLine) -> dict[str, Sequence[Row]]:
    return {name: [_row_values(row) for row in getattr(line, name).all()] for name in CHILD_ROWS[type(line)]}


def _row_values(row: Any) -> Row:
    skipped = {"id", "demand", "supply", "position"}
    return {field.name: getattr(row, field.name) for field in row._meta.fields if field.name not in skipped}


def _check_content(line: DemandLine | SupplyLine, rows: Mapping[str, Sequence[Row]]) -> None:
    problems: dict[str, Sequence[str]] = {}
    exclude = {"organisation", "round", "fingerprint"}
    try:
        line.full_clean(exclude=exclude, validate_constraints=True)
    except ValidationError as error:
        problems.update(error.message_dict)
    problems.update(_kind_problems(line))
    if line.node is not None and line.node.chain_id != line.chain_id:
        problems["node"] = [_("This node belongs to another chain.")]
    if (
        isinstance(line, SupplyLine)
        and line.free_capacity is not None
        and line.free_capacity < line.committed
    ):
        problems["free_capacity"] = [_("More than this is already committed to accepted matches.")]
    for name, items in rows.items():
        problems.update(_row_problems(name, CHILD_ROWS[type(line)][name], items))
    if problems:
        raise Invalid(problems)


def _kind_problems(line: DemandLine | SupplyLine) -> dict[str, Sequence[str]]:
    try:
        kind = kinds.get(line.kind)
    except KeyError:
        known = ", ".join(code for code, _name in kinds.choices())
        return {"kind": [_("There is no such kind of list; known are: %(known)s.") % {"known": known}]}
    side = "need" if isinstance(line, DemandLine) else "offer"
    language = get_language() or ""
    return {
        f"attributes.{name}": [label.text(language)]
        for name, label in kind.attribute_problems(side, line.attributes).items()
    }


def _row_problems(name: str, model: type[Any], rows: Sequence[Row]) -> dict[str, Sequence[str]]:
    problems: dict[str, Sequence[str]] = {}
    for index, row in enumerate(rows):
        try:
            model(**row).full_clean(exclude={"demand", "supply"}, validate_constraints=False)
        except ValidationError as error:
            problems.update(
                {f"{name}.{index}.{column}": texts for column, texts in error.message_dict.items()}
            )
        if row.get("low") is not None and row.get("high") is not None and row["low"] > row["high"]:
            problems[f"{name}.{index}.high"] = [_("The upper value is below the lower one.")]
        if model is Requirement and (problem := _unanswerable(row)):
            problems[f"{name}.{index}.low"] = [problem]
    return problems


_NEEDS = {
    "at_least": ("low",),
    "more_than": ("low",),
    "at_most": ("high",),
    "less_than": ("high",),
    "between": ("low", "high"),
}


def _unanswerable(row: Row) -> str:
    """A requirement without the value that its operator compares with."""
    operator = row.get("operator", "equal")
    missing = [name for name in _NEEDS.get(operator, ()) if row.get(name) is None]
    if operator in ("equal", "one_of") and not row.get("values") and row.get("low") is None:
        missing = ["values"]
    if not missing:
        return ""
    return _("“%(operator)s” needs a value for: %(missing)s.") % {
        "operator": operator,
        "missing": ", ".join(missing),
    }


def _replace_rows(line: DemandLine | SupplyLine, rows: Mapping[str, Sequence[Row]]) -> None:
    parent = PARENT[type(line)]
    for name, model in CHILD_ROWS[type(line)].items():
        model.objects.filter(**{parent: line}).delete()
        placed = [{**row, parent: line} for row in rows[name]]
        if model is not Certificate:
            placed = [{**row, "position": position} for position, row in enumerate(placed)]
        model.objects.bulk_create(model(**row) for row in placed)


def record(line: DemandLine | SupplyLine, action: LineAction, actor: User | None, reason: str = "") -> None:
    """One event of a line: who, when, why."""
    owner: dict[str, Any] = {PARENT[type(line)]: line}
    LineEvent.objects.create(action=action, state=line.state, reason=reason, actor=actor, **owner)


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


def _apply_submit(line: Line, reason: str, valid_until: date | None) -> None:
    round_ = Round.objects.filter(chain_id=line.chain_id, kind=line.kind, state=RoundState.OPEN).first()
    if round_ is None:
        raise Conflict(
            _("No round of this chain is open now; the line stays a draft until the next one."),
            code="no_open_round",
        )
    problems: dict[str, Sequence[str]] = {
        name: [_("Needed before the line can be submitted.")] for name in missing_columns(line)
    }
    if line.valid_until < timezone.localdate():
        problems["valid_until"] = [_("This day has passed; confirm the line with a later one.")]
    if problems:
        raise Invalid(problems)
    line.round = round_
    line.submitted_at = timezone.now()


def missing_columns(line: Line) -> list[str]:
    """Columns that the line's kind requires and that are empty."""
    side = "need" if isinstance(line, DemandLine) else "offer"
    return [
        name for name in kinds.get(line.kind).required_columns(side) if getattr(line, name) in (None, "", [])
    ]


def _apply_verify(line: Line, reason: str, valid_until: date | None) -> None:
    line.verified_at = timezone.now()


def _apply_return(line: Line, reason: str, valid_until: date | None) -> None:
    if not reason.strip():
        raise Invalid({"reason": [_("Tell the firm what to mend.")]})


def _apply_confirm(line: Line, reason: str, valid_until: date | None) -> None:
    line.valid_until = valid_until or timezone.localdate() + timedelta(days=VALID_DAYS)
    line.reminded_for = None
    if line.valid_until < timezone.localdate():
        raise Invalid({"valid_until": [_("Choose a day that has not passed.")]})


def _apply_withdraw(line: Line, reason: str, valid_until: date | None) -> None:
    if isinstance(line, SupplyLine) and line.committed > 0:
        raise Conflict(
            _("Accepted matches rest on this line; ask the chain's office to release them first."),
            code="committed",
        )


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
        zh=f"“{line.title}”({line.key})被退回:{line.reason}"[:300],
        en=f"“{line.title}” ({line.key}) was returned: {line.reason}"[:300],
        link=link_to(line),
    )


def next_key(*, organisation: Organisation, model: type[AnyLine], kind: str = "product") -> str:
    """The next free line number of a firm that numbers nothing itself: D0001 / S0001.

    It stays free only under ``lock_numbers``.
    """
    letter = "D" if model is DemandLine else "S"
    taken = set(
        model.objects.filter(organisation=organisation, kind=kind, key__startswith=letter).values_list(
            "key", flat=True
        )
    )
    number = len(taken) + 1
    while f"{letter}{number:04}" in taken:
        number += 1
    return f"{letter}{number:04}"


def node_by_code(*, chain_id: str, code: str) -> ChainNode:
    """A chain's node. Raises ``Invalid`` where there is none."""
    node = ChainNode.objects.filter(chain_id=chain_id, code=code).first()
    if node is None:
        raise Invalid({"node": [_("The chain has no node “%(code)s”.") % {"code": code}]})
    return node
