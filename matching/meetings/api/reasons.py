"""Why a meeting is as it is, in figures."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from matching.http.views import Number


class ReasonsSerializer(serializers.Serializer[Any]):
    """What is held, of all that both sides accepted and that waits. Money is CNY a month."""

    pairs = serializers.IntegerField(help_text="Accepted pairs that meet.")
    pairs_wanted = serializers.IntegerField(help_text="Of so many.")
    firms = serializers.IntegerField(help_text="Firms that meet somebody.")
    firms_wanted = serializers.IntegerField(help_text="Of so many.")
    value = Number(max_digits=20, decimal_places=2, help_text="At stake in the pairs that meet.")
    value_wanted = Number(max_digits=20, decimal_places=2, help_text="In all that waits.")
    unpriced = serializers.IntegerField(help_text="Pairs whose supplier named no price.")
    urgent = serializers.IntegerField(help_text="Pairs due within 30 days of the meeting.")
    due = serializers.DateField(allow_null=True, help_text="The first day on which one of them ends.")
