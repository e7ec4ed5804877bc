"""Thousands of lines in one request, each by the firm's own number; what became of each is told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import IO, Any, ClassVar, cast

from django.db import transaction
from django.http import FileResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import (
    OpenApiExample,
    PolymorphicProxySerializer,
    extend_schema,
    extend_schema_view,
)
from drf_standardized_errors.formatter import flatten_errors
from rest_framework import exceptions, serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from accounts.models import Organisation
from accounts.roles import OrganisationKind
from matching import kinds
from matching.chains.models import Chain
from matching.errors import Invalid
from matching.http.exports import NDJSONAccepted
from matching.http.options import Options
from matching.http.problems import OutsideBody, ProblemError, as_api_exception, error_of
from matching.http.views import Records
from matching.lists import services
from matching.lists.api import examples
from matching.lists.api.firms import firm_of, firms_of
from matching.lists.api.ndjson import MEDIA_TYPE, NDJSONParser, Numbered, answer, body_of, documents
from matching.lists.api.serializers import (
    DEMAND,
    MAX_LINES,
    SUPPLY,
    DemandLineSerializer,
    LineSerializer,
    SupplyLineSerializer,
)
from matching.lists.models import DemandLine, SupplyLine
from matching.lists.services import ListRow, Saved
from matching.lists.states import LineState

ROW_ERRORS, ALL_ERRORS = 20, 1000
STATUSES = ("created", "changed", "unchanged", "refused")
MODES = ("rows", "all")
NAMING = ("key", "chain")
"""What a row tells in any case."""


class ChainField(serializers.PrimaryKeyRelatedField[Chain]):
    """A chain by its code; all of them are asked for once."""

    def to_internal_value(self, data: Any) -> Chain:
        """The chain. Raises ``ValidationError``."""
        context = cast(dict[str, Any], self.context)
        if "chains" not in context:
            context["chains"] = {chain.pk: chain for chain in Chain.objects.all()}
        found: Chain | None = context["chains"].get(data) if isinstance(data, str) else None
        if found is None:
            self.fail("does_not_exist", pk_value=data)
        return found


class DemandBulkRowSerializer(DemandLineSerializer):
    """One row of a bulk request: a demand line."""

    key = serializers.CharField(max_length=40, help_text="The firm's own line number.")
    chain = ChainField(queryset=Chain.objects.all(), help_text="Chain code.")

    class Meta(DemandLineSerializer.Meta):
        fields = ("key", "chain", "node", *DEMAND)


class SupplyBulkRowSerializer(SupplyLineSerializer):
    """One row of a bulk request: a supply line."""

    key = serializers.CharField(max_length=40, help_text="The firm's own line number.")
    chain = ChainField(queryset=Chain.objects.all(), help_text="Chain code.")

    class Meta(SupplyLineSerializer.Meta):
        fields = ("key", "chain", "node", *SUPPLY)


class BulkOptions(Options):
    """How a bulk request is to be taken."""

    mode = serializers.ChoiceField(
        choices=[(mode, mode) for mode in MODES],
        default="rows",
        help_text="rows: good rows are stored, faulty ones told. all: one faulty row, and nothing is stored.",
    )
    partial = serializers.BooleanField(  # type: ignore[assignment]
        default=False,
        help_text="true: what a row leaves out stays as it is; false: it becomes empty, as with PUT.",
    )
    submit = serializers.BooleanField(default=False, help_text="Hand in drafts and returned lines, too.")
    organisation = serializers.UUIDField(required=False, help_text="Firm; absent: the only one you act for.")
    kind = serializers.ChoiceField(choices=kinds.choices(), default="product")


class BulkLineSerializer(serializers.Serializer[Any]):
    """What became of one row."""

    row = serializers.IntegerField(help_text="Line of the request's body, from 1.")
    key = serializers.CharField(allow_null=True, help_text="Null where the row could not be read.")
    status = serializers.ChoiceField(choices=[(status, status) for status in STATUSES])
    id = serializers.UUIDField(allow_null=True)
    state = serializers.ChoiceField(choices=LineState.choices, allow_null=True)
    errors = ProblemError(  # type: ignore[assignment]
        many=True, help_text="Why the row was refused, or why its line could not be handed in; 20 at most."
    )


class BulkSummarySerializer(serializers.Serializer[Any]):
    """How many rows became what."""

    rows = serializers.IntegerField()
    created = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    refused = serializers.IntegerField()
    submitted = serializers.IntegerField()


class BulkEndSerializer(serializers.Serializer[Any]):
    """The last row of the answer, which is about all of them."""

    summary = BulkSummarySerializer()


class Intake:
    """Rows on their way from the body to the list; those that are refused stay here.

    Rows that are not ``whole`` may leave out all but ``NAMING``.
    """

    def __init__(self, serializer: LineSerializer[Any], *, whole: bool) -> None:
        self.serializer = serializer
        self.whole = whole
        for name, field in serializer.fields.items():
            field.required = field.required and (whole or name in NAMING)
        self.refused: dict[int, dict[str, Any]] = {}
        self.taken: list[int] = []
        self._keys: set[str] = set()

    def rows(self, body: IO[bytes]) -> Iterator[ListRow]:
        """Rows that can be stored, in order. Raises ``ParseError`` for too many."""
        for count, item in enumerate(documents(body), start=1):
            if count > MAX_LINES:
                told = _("A request can have %(most)s rows at most.") % {"most": MAX_LINES}
                raise exceptions.ParseError(told, code="too_many_rows")
            if (row := self._row(item)) is not None:
                self.taken.append(item.number)
                yield row

    def _row(self, item: Numbered) -> ListRow | None:
        key = item.document.get("key") if isinstance(item.document, dict) else None
        try:
            if item.fault is not None:
                raise item.fault
            data = dict(self.serializer.run_validation(item.document))
            if data["key"] in self._keys:
                raise serializers.ValidationError(
                    {"key": [_("This line number occurs twice.")]}, code="duplicate"
                )
        except exceptions.APIException as error:
            self.refuse(item.number, key if isinstance(key, str) else None, error)
            return None
        self._keys.add(data["key"])
        values, children = self.serializer.content(data, whole=self.whole)
        return ListRow(key=data["key"], values=values, rows=children)

    def refuse(self, number: int, key: str | None, error: exceptions.APIException) -> None:
        """Remember why a row is not stored."""
        told = {"key": key, "status": "refused", "id": None, "state": None, "errors": faults(error)}
        self.refused[number] = {"row": number, **told}

    def results(self, saved: Iterator[Saved]) -> Iterator[dict[str, Any]]:
        """What became of each row that was taken."""
        for number, one in zip(self.taken, saved, strict=True):
            if one.problems:
                self.refuse(number, one.key, as_api_exception(Invalid(one.problems)))
            else:
                yield {"row": number, **_stored(one)}


def _stored(one: Saved) -> dict[str, Any]:
    status = "created" if one.new else "changed" if one.touched else "unchanged"
    errors = [] if one.unsent is None else faults(as_api_exception(one.unsent))
    return {
        "key": one.key,
        "status": status,
        "id": str(one.line_id),
        "state": one.state,
        "errors": errors,
    }


def faults(error: exceptions.APIException) -> list[dict[str, Any]]:
    """Errors as problem documents have them; of one row 20 at most."""
    told = flatten_errors(error.detail)[:ROW_ERRORS]
    return [error_of(item.code, item.detail, field=item.attr, points=True) for item in told]


def _summary(results: list[dict[str, Any]], sent: int) -> dict[str, Any]:
    counted = {status: sum(row["status"] == status for row in results) for status in STATUSES}
    return {"summary": {"rows": len(results), **counted, "submitted": sent}}


class LineBulkView(Records[Any]):
    """Many lines of one firm at once."""

    parser_classes = (NDJSONParser,)
    renderer_classes = (JSONRenderer, NDJSONAccepted)
    pagination_class = None
    filter_backends = ()
    model: ClassVar[type[Any]]
    owner: ClassVar[OrganisationKind]

    def create(self, request: Request) -> FileResponse:
        """Create or change up to 10,000 lines by their number, one JSON document a line.

        Lines that no row names stay as they are. The same request again changes nothing. The answer has a row
        for each row of the request, in its order, and a summary as its last row.
        """
        firms_of(self.person, self.owner)
        options = BulkOptions.of(request)
        firm = firm_of(self.person, options.get("organisation"), self.owner)
        results, sent = self._store(body_of(request), firm, options)
        return answer([*results, _summary(results, sent)])

    def fingerprint(self, request: Request) -> str:
        """By which ``Idempotency-Key`` knows the same body again."""
        return hashlib.file_digest(cast(Any, body_of(request)), "sha256").hexdigest()

    @transaction.atomic
    def _store(
        self, body: IO[bytes], firm: Organisation, options: dict[str, Any]
    ) -> tuple[list[dict[str, Any]], int]:
        serializer: Any = self.get_serializer()
        intake = Intake(serializer, whole=not options["partial"])
        services.lock_list(organisation=firm, model=self.model, kind=options["kind"])
        saved = list(
            services.save_lines(
                actor=self.person,
                model=self.model,
                organisation=firm,
                kind=options["kind"],
                rows=intake.rows(body),
                partial=options["partial"],
                submit=options["submit"],
            )
        )
        stored = list(intake.results(iter(saved)))
        if intake.refused and options["mode"] == "all":
            raise _nothing_stored(intake.refused)
        results = sorted([*stored, *intake.refused.values()], key=lambda row: row["row"])
        return results, sum(one.sent for one in saved)


def _nothing_stored(refused: dict[int, dict[str, Any]]) -> OutsideBody:
    told: dict[str, list[exceptions.ErrorDetail]] = {}
    each = ((number, error) for number, row in sorted(refused.items()) for error in row["errors"])
    for number, error in islice(each, ALL_ERRORS):
        path = ".".join(filter(None, ("rows", str(number), error["field"])))
        told.setdefault(path, []).append(exceptions.ErrorDetail(error["detail"], code=error["code"]))
    return OutsideBody(told)


ANSWER = PolymorphicProxySerializer(
    "BulkAnswer", [BulkLineSerializer, BulkEndSerializer], resource_type_field_name=None
)
"""One row of the answer."""


def _described(row: type[serializers.Serializer[Any]], body: Mapping[str, Any]) -> Any:
    """The operation in OpenAPI, whose bodies are rows one a line."""
    result = {
        "row": 1,
        "key": body["key"],
        "status": "created",
        "id": "0b9a1f7e-3a52-4f0e-9f0a-6f3d9a6f1c11",
        "state": "draft",
        "errors": [],
    }
    return extend_schema(
        parameters=[BulkOptions],
        request={MEDIA_TYPE: row},
        responses={(200, MEDIA_TYPE): ANSWER},
        examples=[
            OpenApiExample("A row", body, request_only=True, media_type=MEDIA_TYPE),
            OpenApiExample("Its result", result, response_only=True, media_type=MEDIA_TYPE),
        ],
    )


@extend_schema_view(create=_described(DemandBulkRowSerializer, examples.DEMAND))
class DemandBulkView(LineBulkView):
    """Many demand lines of a leader firm."""

    queryset = DemandLine.objects.none()
    serializer_class = DemandBulkRowSerializer
    model = DemandLine
    owner = OrganisationKind.LEADER_FIRM


@extend_schema_view(create=_described(SupplyBulkRowSerializer, examples.SUPPLY))
class SupplyBulkView(LineBulkView):
    """Many supply lines of a member firm."""

    queryset = SupplyLine.objects.none()
    serializer_class = SupplyBulkRowSerializer
    model = SupplyLine
    owner = OrganisationKind.MEMBER_FIRM
