"""Whole lists of a firm, replaced in one request."""

from __future__ import annotations

import dataclasses
from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import OrganisationKind
from matching.chains.models import Chain
from matching.errors import Invalid
from matching.http.views import Records, prefixed
from matching.lists import services
from matching.lists.api import examples
from matching.lists.api.firms import firm_of, firms_of
from matching.lists.api.serializers import (
    DemandListSerializer,
    ListResultSerializer,
    SupplyListSerializer,
)
from matching.lists.models import DemandLine, SupplyLine

CHAIN = OpenApiParameter("chain", OpenApiTypes.STR, OpenApiParameter.PATH, description="Chain code.")


class WholeListView(Records[Chain]):
    """A firm's list of one chain."""

    queryset = Chain.objects.none()
    lookup_field = "code"
    lookup_url_kwarg = "chain"
    pagination_class = None
    model: ClassVar[type[Any]]
    owner: ClassVar[OrganisationKind]

    def _replace(self, request: Request, chain: str) -> Response:
        found = get_object_or_404(Chain.objects.visible_to(self.person), code=chain)
        firms_of(self.person, self.owner)
        context = {**self.get_serializer_context(), "chain": found}
        serializer: Any = self.get_serializer_class()(data=request.data, context=context)
        serializer.is_valid(raise_exception=True)
        data = serializer.validated_data
        firm = firm_of(self.person, data.get("organisation"), self.owner)
        row = serializer.fields["lines"].child
        rows = []
        for line in data["lines"]:
            values, children = row.content(dict(line), whole=True)
            rows.append(services.ListRow(key=line["key"], values=values, rows=children))
        try:
            result = services.replace_list(
                actor=self.person,
                model=self.model,
                organisation=firm,
                chain_id=found.pk,
                rows=rows,
                kind=data["kind"],
            )
        except Invalid as invalid:
            raise prefixed("lines", invalid) from invalid
        return Response(dataclasses.asdict(result))


class DemandListView(WholeListView):
    """A leader firm's whole demand list of a chain."""

    serializer_class = DemandListSerializer
    model = DemandLine
    owner = OrganisationKind.LEADER_FIRM

    @extend_schema(
        parameters=[CHAIN], responses=ListResultSerializer, examples=examples.of_list(examples.DEMAND)
    )
    def update(self, request: Request, chain: str) -> Response:
        """Make the list equal to these lines, all or nothing; absent lines are withdrawn.

        A later `valid_until` extends a line that is stored already, an earlier one changes nothing.
        """
        return self._replace(request, chain)


class SupplyListView(WholeListView):
    """A member firm's whole supply list of a chain."""

    serializer_class = SupplyListSerializer
    model = SupplyLine
    owner = OrganisationKind.MEMBER_FIRM

    @extend_schema(
        parameters=[CHAIN], responses=ListResultSerializer, examples=examples.of_list(examples.SUPPLY)
    )
    def update(self, request: Request, chain: str) -> Response:
        """Make the list equal to these lines, all or nothing; absent lines are withdrawn.

        A later `valid_until` extends a line that is stored already, an earlier one changes nothing.
        """
        return self._replace(request, chain)
