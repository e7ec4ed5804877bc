"""How operations are described in OpenAPI."""

from __future__ import annotations

from typing import Any

from django.utils.translation import override
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse

from accounts.scopes import OF_APPLICATIONS, of_view
from matching.http import conditions
from matching.http.headers import headers_told
from matching.http.problems import MEDIA_TYPE, Problem

TITLES = {
    400: "The request has faults.",
    401: "Not signed in.",
    403: "The role does not allow this.",
    404: "Absent, or not visible to this person.",
    409: "The object is in another state now.",
}


class ProblemSchema(AutoSchema):
    """Stable operation ids, and the problem documents that each operation may answer with."""

    def get_operation_id(self) -> str:
        """Resource and action, for example ``demand_line_submit``; independent of the address."""
        basename = getattr(self.view, "basename", None)
        action = getattr(self.view, "action", None)
        return f"{basename}_{action}" if basename and action else super().get_operation_id()

    def get_operation(self, *args: Any, **options: Any) -> Any:
        """The operation with the headers that every answer has and those that it may be asked with."""
        operation = super().get_operation(*args, **options)
        if operation is None:
            return None
        asked = [{"$ref": f"#/components/parameters/{name}"} for name in self._headers_asked()]
        told = operation.get("parameters", ())
        for parameter in told:
            # Generators name types after titles, and those of filters are words of the reader's language.
            for schema in (parameter["schema"], parameter["schema"].get("items", {})):
                schema.pop("title", None)
        operation["parameters"] = [*told, *asked]
        if self.method == "GET":
            operation["responses"]["304"] = {"description": "What If-None-Match names is still so."}
        for status, response in operation["responses"].items():
            names = headers_told(status, represents=self._tells_etag())
            refs = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
            response["headers"] = {**response.get("headers", {}), **refs}
        return operation

    def _headers_asked(self) -> list[str]:
        names = ["X-Request-ID"]
        if self.method == "POST":
            names.append("Idempotency-Key")
        if self.method in conditions.WRITES and conditions.represents(self.view):
            names.append("If-Match")
        return [*names, "If-None-Match"] if self.method == "GET" else names

    def _tells_etag(self) -> bool:
        return self.method == "GET" or (self.method != "DELETE" and conditions.represents(self.view))

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        for code in self._error_codes():
            bodies.setdefault(str(code), self._problem(TITLES[code], str(code), direction))
        bodies.setdefault("default", self._problem("Any other problem.", "default", direction))
        return bodies

    def _problem(self, words: str, code: str, direction: Any) -> Any:
        described = OpenApiResponse(Problem, words)
        return self._get_response_for_code(  # type: ignore[no-untyped-call]
            described, code, [MEDIA_TYPE], direction=direction
        )

    def _error_codes(self) -> list[int]:
        codes = [401, 403]
        if "{" in self.path:
            codes.append(404)
        if self.method in {"POST", "PUT", "PATCH", "DELETE"}:
            codes += [400, 409]
        elif self._is_list_view():
            codes.append(400)
        return codes


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """``Authorization: Bearer …``: a personal token, or an access token of an application."""

    target_class = "accounts.authentication.TokenAuthentication"
    name = ["personal_token", "client_credentials"]

    def get_security_definition(self, auto_schema: Any) -> Any:
        """Both kinds of tokens."""
        with override("en"):
            scopes = {scope.value: str(scope.label) for scope in OF_APPLICATIONS}
        flow = {"tokenUrl": "/oauth/token", "scopes": scopes}
        return [
            {
                "type": "http",
                "scheme": "bearer",
                "description": "A token of one's own, made on the page “API access” or at /tokens/.",
            },
            {"type": "oauth2", "flows": {"clientCredentials": flow}},
        ]

    def get_security_requirement(self, auto_schema: Any) -> Any:
        """The scope that the operation needs, of either."""
        scope = of_view(auto_schema.view, auto_schema.method)
        wanted = [scope.value] if scope else []
        return [{name: wanted} for name in self.name if scope in OF_APPLICATIONS or name == self.name[0]]
