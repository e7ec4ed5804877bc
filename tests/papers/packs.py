"""Meetings with appointments and their packs, for tests of papers."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO

from matching.meetings.models import SigningMeeting
from matching.meetings.services import decide, propose
from matching.meetings.states import MeetingAction
from matching.papers.models import PaperPack
from matching.papers.services import make, order
from tests import factories, world
from tests.meetings.pairs import accept_all

TODAY = date(2026, 11, 20)
ISSUER = "示例省光伏产业链链长办公室"


def meeting_of(here: world.World, demands: int = 3) -> SigningMeeting:
    """An approved meeting of as many pairs."""
    accept_all(here, demands=demands)
    meeting = propose(rule_id=factories.make_rule(here.chain).pk, today=TODAY)
    assert meeting is not None
    return decide(actor=here.department, meeting_id=meeting.pk, action=MeetingAction.APPROVE)


def made(here: world.World, meeting: SigningMeeting, language: str = "zh-hans") -> PaperPack:
    """The meeting's pack, made in this process."""
    pack = order(actor=here.office, meeting_id=meeting.pk, issuer=ISSUER, language=language)
    make(pack_id=pack.pk)
    pack.refresh_from_db()
    return pack


def files(pack: PaperPack) -> dict[str, bytes]:
    """Everything in a pack's archive by name."""
    with pack.file.open("rb") as stored, zipfile.ZipFile(BytesIO(stored.read())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
