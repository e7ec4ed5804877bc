"""The auditor's page: search, one entry, download. Whoever looks is on record."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.audit import services
from accounts.audit.models import AuditEntry
from accounts.audit.search import SearchForm, words_of_tables
from accounts.models import User
from accounts.roles import Role

PAGE_SIZE = 50
COLUMNS = (
    *("id", "at", "actor", "via", "credential", "action", "table", "object_id", "request_id"),
    *("before", "after"),
)
LIVE = ("=", "+", "-", "@", "\t", "\r")


@require_safe
@login_required
def entry_list(request: HttpRequest) -> HttpResponse:
    """Entries, the newest first; pages go on below an id, so they stay quick however long the audit is."""
    form, found = _found(request, door="page")
    below = request.GET.get("below", "")
    rows = list((found.filter(pk__lt=int(below)) if _is_id(below) else found)[: PAGE_SIZE + 1])
    context = {
        "form": form,
        "entries": _told(rows[:PAGE_SIZE]),
        "below": rows[PAGE_SIZE - 1].pk if len(rows) > PAGE_SIZE else None,
        "is_later": _is_id(below),
        "question": request.GET.urlencode(),
    }
    return render(request, "accounts/audit/list.html", context)


@require_safe
@login_required
def entry_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry: each column before and after."""
    entry = get_object_or_404(AuditEntry.objects.visible_to(_auditor(request)), pk=pk)
    services.note_reading(reader=entry_reader(request), door="page", asked={"entry": str(pk)})
    names = sorted({*(entry.before or {}), *(entry.after or {})})
    changes = [(name, _value(entry.before, name), _value(entry.after, name)) for name in names]
    context = {"entry": _told([entry])[0], "changes": changes}
    return render(request, "accounts/audit/entry.html", context)


@require_safe
@login_required
def entry_csv(request: HttpRequest) -> StreamingHttpResponse:
    """What the search finds, as CSV, streamed."""
    _form, found = _found(request, door="csv")
    response = StreamingHttpResponse(_lines(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="audit-{timezone.localdate():%Y-%m-%d}.csv"'
    return response


def _auditor(request: HttpRequest) -> User:
    if not isinstance(request.user, User) or not request.user.holding(Role.AUDITOR):
        raise PermissionDenied
    return request.user


def entry_reader(request: HttpRequest) -> int:
    """The auditor's id."""
    return int(_auditor(request).pk)


def _found(request: HttpRequest, *, door: str) -> tuple[SearchForm, QuerySet[AuditEntry]]:
    entries: QuerySet[AuditEntry] = AuditEntry.objects.visible_to(_auditor(request))
    form = SearchForm(request.GET)
    asked = {name: value for name, value in form.cleaned_data.items() if value} if form.is_valid() else {}
    services.note_reading(
        reader=entry_reader(request), door=door, asked={name: str(value) for name, value in asked.items()}
    )
    for name, value in asked.items():
        entries = _narrowed(entries, name, value)
    return form, entries.order_by("-id") if form.is_valid() else entries.none()


def _narrowed(entries: QuerySet[AuditEntry], name: str, value: Any) -> QuerySet[AuditEntry]:
    if name == "since":
        return entries.filter(at__gte=value)
    if name == "until":
        return entries.filter(at__lt=value)
    if name == "actor":
        known = User.objects.filter(username=value).values_list("pk", flat=True).first()
        return entries.filter(actor=known or (int(value) if _is_id(value) else -1))
    return entries.filter(**{name: value})


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _told(entries: list[AuditEntry]) -> list[dict[str, Any]]:
    people = User.objects.in_bulk({entry.actor for entry in entries if entry.actor is not None})
    words = words_of_tables()
    return [
        {"row": entry, "person": people.get(entry.actor), "what": words.get(entry.table, entry.table)}
        for entry in entries
    ]


def _value(values: dict[str, Any] | None, name: str) -> str:
    value = (values or {}).get(name, "")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        """The line."""
        return text


def _lines(entries: QuerySet[AuditEntry]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(COLUMNS)
    for entry in entries.iterator(chunk_size=2_000):
        yield writer.writerow([_cell(getattr(entry, name)) for name in COLUMNS])


def _cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(LIVE) else text


urlpatterns = [
    path("audit/", entry_list, name="audit_list"),
    path("audit/entries.csv", entry_csv, name="audit_csv"),
    path("audit/<int:pk>/", entry_detail, name="audit_entry"),
]
