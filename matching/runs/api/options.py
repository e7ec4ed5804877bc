"""What addresses and bodies about runs have in common."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
)
from rest_framework.generics import get_object_or_404

from matching.engine.types import ConditionKind
from matching.http.views import (
    Records,
)
from matching.runs.models import MatchingRun

CONDITION_KINDS = [(item.value, item.value) for item in ConditionKind]
SECRET_KINDS = frozenset({ConditionKind.PRICE, ConditionKind.CAPACITY})
RUN = OpenApiParameter("run", OpenApiTypes.UUID, OpenApiParameter.PATH, description="Id of a run.")


def run_of(view: Records[Any]) -> MatchingRun:
    """The run in the address, or 404."""
    return get_object_or_404(MatchingRun.objects.visible_to(view.person), pk=view.kwargs["run"])
