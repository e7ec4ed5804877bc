"""Reads of requests to join."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core import signing
from django.db.models import QuerySet

from accounts.models import Organisation, User
from matching.chains.models import Chain
from matching.chains.queries import region_names
from matching.disclosure.services import saw_people
from matching.joining.models import JoinRequest, JoinStep
from matching.joining.states import JoinState

LINK_DAYS = 7
_SALT = "matching.joining"


def waiting(user: User) -> QuerySet[JoinRequest]:
    """Requests that the person may verify or return, the longest waiting first."""
    return JoinRequest.objects.visible_to(user).filter(state=JoinState.REQUESTED)


def decided(requests: QuerySet[JoinRequest], most: int = 20) -> QuerySet[JoinStep]:
    """The newest decisions on requests, with who decided."""
    steps = JoinStep.objects.filter(request__in=requests, actor__isnull=False)
    return steps.select_related("request", "actor").order_by("-created_at")[:most]


def link_token(request: JoinRequest) -> str:
    """What a link in an e-mail carries; it ends with the state that it was written for."""
    return signing.dumps([str(request.pk), request.state], salt=_SALT)


def by_token(token: str) -> JoinRequest | None:
    """The request of a link that is not too old and not used up."""
    try:
        pk, state = signing.loads(token, salt=_SALT, max_age=LINK_DAYS * 86_400)
    except (signing.BadSignature, ValueError):
        return None
    return JoinRequest.objects.filter(pk=pk, state=state).first()


def version(request: JoinRequest) -> str:
    """What tells that a request has been changed since somebody looked at it."""
    return request.updated_at.isoformat()


def note_contacts(requests: Iterable[JoinRequest]) -> None:
    """Contact persons are shown: a firm reads it in who saw its data, once it has joined."""
    for request in requests:
        saw_people(request.organisation_id or request.pk, 1)


@dataclass(frozen=True, slots=True)
class Shown:
    """A request with words for its codes; ``known`` where its credit code belongs to a firm already."""

    request: JoinRequest
    region: str
    chains: tuple[str, ...]
    known: bool
    version: str


def shown(requests: Iterable[JoinRequest]) -> list[Shown]:
    """Requests as the queue shows them; four queries. Their firms read who saw it."""
    found = list(requests)
    note_contacts(found)
    regions = region_names({item.region for item in found})
    chains = {chain.pk: chain.name for chain in Chain.objects.all()}
    codes = {item.uscc for item in found}
    known = set(Organisation.objects.filter(uscc__in=codes).values_list("uscc", flat=True))
    return [
        Shown(
            request=item,
            region=regions[item.region],
            chains=tuple(chains.get(code, code) for code in item.chains),
            known=item.uscc in known and item.state != JoinState.VERIFIED,
            version=version(item),
        )
        for item in found
    ]
