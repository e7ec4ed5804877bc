"""What a kind declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from matching.engine.types import Policy


@dataclass(frozen=True, slots=True)
class Label:
    """Words on screen in both languages."""

    zh: str
    en: str

    def text(self, language: str) -> str:
        """The words for a Django language code."""
        return self.en if language.startswith("en") else self.zh


class FieldType(StrEnum):
    """Types that a kind's own field may have; values travel as JSON."""

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    DATE = "date"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class KindField:
    """A field of a line. A shared column needs only ``name``; an own field has a type and label.

    ``aliases`` are other headings that lists use for it, ``note`` and ``example`` stand in templates of
    spreadsheets; for a shared column they and ``label`` go before the words that all kinds share.
    """

    name: str
    required: bool = False
    label: Label | None = None
    type: FieldType = FieldType.TEXT
    options: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    note: Label | None = None
    example: str = ""

    def problem(self, value: object) -> Label | None:
        """What is wrong with ``value``, or None."""
        if value in (None, ""):
            return Label("必填", "This field is required.") if self.required else None
        match self.type:
            case FieldType.NUMBER:
                try:
                    Decimal(str(value))
                except InvalidOperation:
                    return Label("请填写数字", "Write a number.")
            case FieldType.DATE:
                try:
                    date.fromisoformat(str(value))
                except ValueError:
                    return Label("日期写成 2026-11-22 的形式", "Write the date as 2026-11-22.")
            case FieldType.FLAG:
                if not isinstance(value, bool):
                    return Label("请填写是或否", "Write true or false.")
            case FieldType.CHOICE:
                if value not in self.options:
                    wanted = "、".join(self.options)
                    return Label(f"请从以下选择:{wanted}", f"Choose one of: {wanted}.")
            case FieldType.TEXT:
                if not isinstance(value, str):
                    return Label("请填写文字", "Write text.")
        return None


@dataclass(frozen=True, slots=True)
class Telling:
    """A column or kind of rows that decides something in matching, and what stays open without it.

    ``asked_by``: which column or rows of a need ask for it, where firms may learn how many do.
    """

    name: str
    why: Label
    asked_by: str = ""


@dataclass(frozen=True, slots=True)
class ParameterHint:
    """A technical parameter that lines of this kind often carry, with its usual unit."""

    name: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One fusion of the programme: a need, an offer, conditions, a match, a meeting."""

    code: str
    name: Label
    need: Label
    offer: Label
    need_fields: tuple[KindField, ...]
    offer_fields: tuple[KindField, ...]
    own_need_fields: tuple[KindField, ...] = ()
    own_offer_fields: tuple[KindField, ...] = ()
    telling_needs: tuple[Telling, ...] = ()
    telling_offers: tuple[Telling, ...] = ()
    parameters: tuple[ParameterHint, ...] = ()
    policy: Policy = field(default_factory=Policy)

    def attribute_problems(self, side: str, attributes: Mapping[str, object]) -> dict[str, Label]:
        """Problems of a line's own fields by name; ``side`` is ``need`` or ``offer``."""
        declared = {item.name: item for item in self._own(side)}
        problems = {
            name: Label("此类清单没有这个字段", "This kind of list has no such field.")
            for name in attributes
            if name not in declared
        }
        for name, item in declared.items():
            if problem := item.problem(attributes.get(name)):
                problems[name] = problem
        return problems

    def required_columns(self, side: str) -> tuple[str, ...]:
        """Shared columns that a line needs before it can be submitted."""
        fields = self.need_fields if side == "need" else self.offer_fields
        return tuple(item.name for item in fields if item.required)

    def columns(self, side: str) -> tuple[str, ...]:
        """Shared columns that lines of this kind use."""
        fields = self.need_fields if side == "need" else self.offer_fields
        return tuple(item.name for item in fields)

    def telling(self, side: str) -> tuple[Telling, ...]:
        """What decides something in matching, the weightiest first."""
        return self.telling_needs if side == "need" else self.telling_offers

    def _own(self, side: str) -> tuple[KindField, ...]:
        return self.own_need_fields if side == "need" else self.own_offer_fields
