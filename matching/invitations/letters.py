"""What letters of invitations carry: the link to answer by."""

from __future__ import annotations

from matching.invitations.models import Invitation
from matching.invitations.queries import is_over, link_path
from matching.invitations.states import ANSWERS, INVITATION
from matching.notices.letters import Enclosure
from matching.notices.models import Notice


def enclose(notice: Notice) -> Enclosure:
    """``invitation ID [TIME]``: the link by which the reader of the letter answers."""
    _word, pk, *_moment = notice.enclosed.split(" ")
    invitation = Invitation.objects.select_related("meeting").filter(pk=pk).first()
    if invitation is None:
        return Enclosure()
    can_answer = not is_over(invitation.meeting) and ANSWERS & set(INVITATION.actions(invitation.state))
    return Enclosure(link_path(invitation, notice.user) if can_answer else "")
