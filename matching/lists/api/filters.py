"""What lists of lines and rounds can be asked for."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from matching import kinds
from matching.http.filters import Flag, Ordering
from matching.lists import queries
from matching.lists.models import Round
from matching.lists.states import LineState, RoundState

ORDER = ("key", "title", "state", "chain", "valid_until", "created_at", "updated_at", "submitted_at")


class LineFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of demand lines and supply lines."""

    chain = django_filters.CharFilter(field_name="chain_id", max_length=40, help_text="Chain code.")
    node = django_filters.CharFilter(
        max_length=60, method="below_node", help_text="Node code; lines of the nodes below it count too."
    )
    state = django_filters.ChoiceFilter(choices=LineState.choices)
    round = django_filters.UUIDFilter(field_name="round_id")
    kind = django_filters.ChoiceFilter(choices=kinds.choices())
    key = django_filters.CharFilter(max_length=40, help_text="The firm's own line number, exactly.")
    organisation = django_filters.UUIDFilter(field_name="organisation_id")
    region = django_filters.CharFilter(
        field_name="organisation__region",
        lookup_expr="startswith",
        max_length=6,
        help_text="GB/T 2260 code of the firm or the beginning of one.",
    )
    q = django_filters.CharFilter(
        method="with_words", max_length=100, help_text="Part of title, description, line number or firm."
    )
    valid_until_after = django_filters.DateFilter(field_name="valid_until", lookup_expr="gte")
    valid_until_before = django_filters.DateFilter(field_name="valid_until", lookup_expr="lte")
    to_verify = Flag(
        field_name="state", method="waiting", help_text="true: submitted lines that you may verify or return."
    )
    lapsing = Flag(
        field_name="valid_until",
        method="soon_over",
        help_text="true: lines that lapse within a month or have lapsed.",
    )
    ordering = Ordering(fields=[(name, name) for name in ORDER])

    def waiting(self, lines: QuerySet[Any], name: str, wanted: bool) -> QuerySet[Any]:
        """The queue of the office."""
        queue = queries.to_verify(self.request.user, lines.model).values("pk")
        return lines.filter(pk__in=queue) if wanted else lines.exclude(pk__in=queue)

    def soon_over(self, lines: QuerySet[Any], name: str, wanted: bool) -> QuerySet[Any]:
        """Lines that want to be confirmed."""
        soon = queries.lapsing(lines).order_by().values("pk")
        return lines.filter(pk__in=soon) if wanted else lines.exclude(pk__in=soon)

    def below_node(self, lines: QuerySet[Any], name: str, code: str) -> QuerySet[Any]:
        """Lines of a node and of all nodes below it."""
        return lines.filter(node__path__contains=[code])

    def with_words(self, lines: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        """Lines in which every one of the words occurs."""
        for word in words.split():
            lines = lines.filter(
                Q(title__icontains=word)
                | Q(description__icontains=word)
                | Q(key__icontains=word)
                | Q(organisation__name__icontains=word)
            )
        return lines


class RoundFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of rounds."""

    chain = django_filters.CharFilter(field_name="chain_id", max_length=40)
    kind = django_filters.ChoiceFilter(choices=kinds.choices())
    state = django_filters.ChoiceFilter(choices=RoundState.choices)
    ordering = Ordering(fields=[(name, name) for name in ("opens_at", "closes_at", "name", "chain")])

    class Meta:
        model = Round
        fields: tuple[str, ...] = ()
