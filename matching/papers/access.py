"""Who makes papers, who reads them, and whether an order still counts."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.credentials.services import stands
from accounts.models import User
from accounts.permits import Act
from matching.chains.models import Chain
from matching.meetings.models import SigningMeeting
from matching.papers.models import PaperPack
from matching.papers.permits import LETTER, OWN_PAPER, PACK, SUMMARY


def can_order(user: User, chain: str) -> bool:
    """The chain's office and its lead department."""
    return PACK.allows(user, Act.CREATE, chain=chain)


def orders_somewhere(user: User) -> bool:
    """For at least one chain."""
    return PACK.somewhere(user, Act.CREATE)


def sees_packs(user: User, meeting: SigningMeeting) -> bool:
    """The chain's offices across all cities."""
    return PACK.allows(user, Act.VIEW, chain=meeting.chain_id)


def still_ordered(pack: PaperPack) -> bool:
    """Whether whoever ordered the papers may still do so, with what they were ordered."""
    actor = pack.ordered_by
    return actor is not None and stands(pack.ordered_with) and can_order(actor, pack.meeting.chain_id)


def sees_letter(user: User, chain: str) -> bool:
    """The chain's offices see what firms are given to sign."""
    return LETTER.allows(user, Act.VIEW, chain=chain)


def keeps_letter(user: User, chain: str) -> bool:
    """Whoever makes the papers writes their letters."""
    return LETTER.allows(user, Act.EDIT, chain=chain)


def keeps_some_letter(user: User) -> bool:
    """For at least one chain."""
    return LETTER.somewhere(user, Act.EDIT)


def sees_summary(user: User, chain: str) -> bool:
    """The chain's offices see what its meetings came to."""
    return SUMMARY.allows(user, Act.VIEW, chain=chain)


def sees_summaries(user: User) -> bool:
    """Of at least one chain."""
    return SUMMARY.somewhere(user, Act.VIEW)


def summed_chains(user: User) -> QuerySet[Chain]:
    """Chains whose summaries the person sees."""
    return Chain.objects.filter(SUMMARY.within(user, Act.VIEW, chain="pk"))


def own_papers(user: User) -> bool:
    """Acts for a firm that may have papers of its own."""
    return OWN_PAPER.somewhere(user, Act.VIEW)
