"""Verbs of the outbox, of notices and of letters."""

from matching.notices.services.mailing import (
    mail_digest,
    mail_notice,
    queue_digests,
    unmailed,
)
from matching.notices.services.outbox import Send, deliver, enqueue, forget_notices, forget_sent
from matching.notices.services.settings import Wish, choose, end_mail, person_of, token_of
from matching.notices.services.telling import mark_read, tell

__all__ = [
    "Send",
    "Wish",
    "choose",
    "deliver",
    "end_mail",
    "enqueue",
    "forget_notices",
    "forget_sent",
    "mail_digest",
    "mail_notice",
    "mark_read",
    "person_of",
    "queue_digests",
    "tell",
    "token_of",
    "unmailed",
]
