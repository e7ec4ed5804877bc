"""Verbs of the people: order a meeting's papers, or have them made again."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.credentials.services import in_hand
from accounts.models import User
from matching.errors import Conflict, Forbidden
from matching.meetings.models import SigningMeeting
from matching.meetings.states import GIVEN_UP
from matching.papers import access
from matching.papers.models import Language, PaperPack
from matching.papers.services.leases import queue
from matching.papers.states import PACK, PackAction, PackState


@transaction.atomic
def order(
    *,
    actor: User,
    meeting_id: uuid.UUID,
    issuer: str,
    number: str = "",
    addressee: str = "",
    language: str = Language.CHINESE,
) -> PaperPack:
    """Have all papers of a meeting made, or made again with this head; dated today.

    Side effects: one outbox message. Raises ``Forbidden`` for strangers, ``Conflict`` while they are being
    made and for a meeting that was declined or cancelled.
    """
    meetings = SigningMeeting.objects.select_for_update(of=("self",)).select_related("chain", "venue")
    meeting = meetings.get(pk=meeting_id)
    if not access.can_order(actor, meeting.chain_id):
        raise Forbidden(_("Only the chain's office or department makes its papers."), code="not_your_meeting")
    if meeting.state in GIVEN_UP:
        raise Conflict(_("This meeting was declined or cancelled."), code="meeting_over")
    pack = PaperPack.objects.select_for_update().filter(meeting=meeting).first()
    if pack is None:
        pack = PaperPack(meeting=meeting)
    else:
        pack.state = PACK.target(pack.state, PackAction.ORDER_AGAIN)
    pack.issuer, pack.number, pack.addressee, pack.language = issuer, number, addressee, language
    return _queued(pack, actor)


@transaction.atomic
def order_again(*, actor: User, pack_id: uuid.UUID) -> PaperPack:
    """Make the papers of the meeting as it is now, under the same head; dated today.

    Side effects and refusals as ``order``.
    """
    pack = PaperPack.objects.get(pk=pack_id)
    return order(
        actor=actor,
        meeting_id=pack.meeting_id,
        issuer=pack.issuer,
        number=pack.number,
        addressee=pack.addressee,
        language=pack.language,
    )


def _queued(pack: PaperPack, actor: User) -> PaperPack:
    assert pack.state == PackState.ORDERED
    pack.dated = timezone.localdate()
    pack.ordered_by, pack.ordered_with = actor, in_hand()
    queue(pack)
    pack.save()
    return pack
