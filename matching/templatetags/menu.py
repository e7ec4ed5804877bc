"""The main menu: which pages it leads to, in groups, for whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import template
from django.template import Context, RequestContext
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.roles import ADMINISTRATORS, Role
from matching.lists import access as lists_access

register = template.Library()
HOME = "/"
Reader = Context | Mapping[str, Any]
"""The template's context: what ``accounts.context`` tells of the signed-in person."""
Test = Callable[[Reader], Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the menu, by the name of its route; pages below it and below ``also`` belong to it."""

    name: str
    text: Promise
    shown: Test
    also: tuple[str, ...] = ()

    def nearness(self, path: str) -> int:
        """How much of the path leads to this entry, in characters; 0 elsewhere."""
        own = reverse(self.name)
        below = tuple(start for start in (own, *self.also) if start != HOME)
        return max((len(start) for start in below if path.startswith(start)), default=int(path == own))


@dataclass(frozen=True, slots=True)
class Group:
    """Pages that stand together; a group of one is shown as that page."""

    text: Promise
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A group as one reader sees it; ``current`` is the entry that the reader is at, if it is here."""

    text: Promise
    entries: list[Entry]
    current: Entry | None


def _entry(name: str, text: Promise, shown: Test, *also: str) -> Entry:
    return Entry(name, text, shown, also)


def _alone(name: str, text: Promise, shown: Test, *also: str) -> Group:
    return Group(text, (_entry(name, text, shown, *also),))


def _everybody(_reader: Reader) -> bool:
    return True


def _office(reader: Reader) -> Any:
    return reader["is_office"]


def _chain_wide(reader: Reader) -> Any:
    return reader["is_chain_wide"]


def _firm(reader: Reader) -> Any:
    return reader["leader_firms"] or reader["member_firms"]


def _follows(reader: Reader) -> Any:
    return _firm(reader) or _chain_wide(reader)


def _holds(*roles: str) -> Test:
    return lambda reader: not reader["held_roles"].isdisjoint(roles)


_administers = _holds(*ADMINISTRATORS)


def _reads_rounds(reader: Reader) -> bool:
    return not _office(reader) and not _administers(reader)


MENU = (
    _alone("home", _("Work"), _everybody),
    Group(
        _("Demand and supply"),
        (
            _entry("verification", _("Verification"), lambda reader: lists_access.verifies(reader["user"])),
            _entry("demand_list", _("Demand list"), _office),
            _entry("supply_list", _("Supply list"), _office),
            _entry("round_list", _("Rounds"), _office),
        ),
    ),
    _alone("demand_list", _("Demand list"), lambda reader: reader["leader_firms"] and not _office(reader)),
    _alone("supply_list", _("Supply list"), lambda reader: reader["member_firms"] and not _office(reader)),
    _alone("upload_list", _("Uploads"), _firm),
    _alone("my_matches", _("My matches"), _firm, "/reviews/"),
    Group(
        _("Matching"),
        (
            _entry("run_list", _("Runs"), _chain_wide, "/matches/"),
            _entry("published_list", _("Matching lists"), _chain_wide),
            _entry("memory_list", _("Confirmed matches"), _chain_wide),
            _entry("policy_list", _("Matching rules"), _chain_wide),
        ),
    ),
    Group(
        _("Signing and follow-up"),
        (
            _entry("invitation_list", _("Invitations"), _firm),
            _entry("appointment_list", _("My appointments"), _firm, "/availability/", "/meetings/"),
            _entry("meeting_list", _("Signing meetings"), _chain_wide, "/appointments/", "/papers/"),
            _entry("progress_list", _("Agreements"), _follows, "/agreements/"),
            _entry("order_list", _("Supervision"), _chain_wide, "/progress/rules/"),
            _entry("chain_summary", _("Summaries"), _chain_wide),
        ),
    ),
    _alone("overview", _("Overview"), _office),
    Group(
        _("Administration"),
        (
            _entry("person_list", _("People"), _holds(Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN)),
            _entry("system_settings", _("Installation"), _holds(Role.SYSTEM_ADMIN)),
            _entry("audit_list", _("Audit"), _holds(Role.AUDITOR)),
        ),
    ),
    Group(
        _("Reference"),
        (
            _entry("round_list", _("Rounds"), _reads_rounds),
            _entry("chain_list", _("Chains"), _everybody),
            _entry("glossary_list", _("Glossary"), _everybody),
            _entry("grade_list", _("Grades of firms"), _holds(Role.CHAIN_OFFICE, Role.CITY_TASK_FORCE)),
        ),
    ),
)


def _current(groups: list[tuple[Group, list[Entry]]], path: str) -> Entry | None:
    entries = [entry for _group, shown in groups for entry in shown]
    nearest = max(entries, key=lambda entry: entry.nearness(path))
    return nearest if nearest.nearness(path) else None


def groups_of(reader: Reader, path: str) -> Iterator[Shown]:
    """What the menu shows to that reader on the page at that path."""
    groups = [(group, [entry for entry in group.entries if entry.shown(reader)]) for group in MENU]
    current = _current(groups, path)
    for group, entries in groups:
        if entries:
            text = group.text if len(entries) > 1 else entries[0].text
            yield Shown(text, entries, current if current in entries else None)


@register.inclusion_tag("matching/_menu.html", takes_context=True)
def main_menu(context: RequestContext) -> dict[str, Any]:
    """The menu of the signed-in person, with the current page marked."""
    path = context["request"].path
    return {"groups": list(groups_of(context, path)), "path": path}
