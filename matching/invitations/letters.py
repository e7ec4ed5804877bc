"""What letters of invitations carry: the link to answer by, and the changes for calendars."""

from __future__ import annotations

from datetime import datetime

from matching.invitations.ics import gathered, part_of
from matching.invitations.models import Invitation
from matching.invitations.queries import entries_of, is_over, link_path
from matching.invitations.states import ANSWERS, INVITATION
from matching.notices.letters import Enclosure
from matching.notices.models import Notice


def enclose(notice: Notice) -> Enclosure:
    """``invitation ID [TIME]``: the changes that calendars were told of at that time, as they are now.

    An entry that has changed again since goes with the letter about that.
    """
    _word, pk, *moment = notice.enclosed.split(" ")
    invitation = (
        Invitation.objects.select_related("meeting__chain", "meeting__venue", "organisation")
        .filter(pk=pk)
        .first()
    )
    if invitation is None:
        return Enclosure()
    can_answer = not is_over(invitation.meeting) and ANSWERS & set(INVITATION.actions(invitation.state))
    link = link_path(invitation, notice.user) if can_answer else ""
    if not moment:
        return Enclosure(link)
    own, at = {invitation.organisation_id}, datetime.fromisoformat(moment[0])
    changed = [told for told in gathered(entries_of(invitation)) if told.changed_at == at]
    return Enclosure(link, tuple(part_of(told, own, notice.user) for told in changed))
