"""What beat orders, and every how many seconds."""

from __future__ import annotations

from typing import Any

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "seal-audit": {"task": "audit.seal", "schedule": 2.0, "options": {"expires": 10}},
    "tell-head-of-audit": {"task": "audit.tell_head", "schedule": 3600.0},
    "deliver-outbox": {"task": "notices.deliver_outbox", "schedule": 2.0},
    "sweep-shards": {"task": "runs.sweep_shards", "schedule": 5.0},
    "remove-idle-indexes": {"task": "runs.remove_idle_indexes", "schedule": 600.0},
    "advance-rounds": {"task": "lists.advance_rounds", "schedule": 60.0},
    "sweep-uploads": {"task": "uploads.sweep", "schedule": 5.0},
    "remove-old-uploads": {"task": "uploads.remove_old", "schedule": 3600.0},
    "release-ended-contracts": {"task": "lists.release_ended", "schedule": 3600.0},
    "expire-lines": {"task": "lists.expire_lines", "schedule": 3600.0},
    # A tick that waited while all workers were busy says nothing that the next one does not.
    "refresh-live-indexes": {
        "task": "lists.refresh_live_indexes",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "remind-expiring": {"task": "lists.remind_expiring", "schedule": 3600.0},
    "mail-again": {"task": "notices.mail_again", "schedule": 300.0},
    "queue-digests": {"task": "notices.queue_digests", "schedule": 900.0},
    "tell-locked": {"task": "accounts.tell_locked", "schedule": 60.0},
    "idle-accounts": {"task": "accounts.idle", "schedule": 3600.0},
    "forget-ended-sessions": {"task": "accounts.forget_ended", "schedule": 3600.0},
    "forget-answers": {"task": "http.forget_answers", "schedule": 3600.0},
    "forget-sent": {"task": "notices.forget_sent", "schedule": 86_400.0},
    "forget-unfinished-requests": {"task": "joining.forget_unfinished", "schedule": 86_400.0},
    "forget-unaccepted": {"task": "people.forget_unfinished", "schedule": 86_400.0},
    "forget-old-disclosures": {"task": "disclosure.forget_old", "schedule": 86_400.0},
    "gather-changes": {"task": "feeds.gather", "schedule": 2.0, "options": {"expires": 2}},
    "send-webhooks": {"task": "feeds.send", "schedule": 2.0, "options": {"expires": 2}},
    "forget-deliveries": {"task": "feeds.forget", "schedule": 86_400.0},
    "remove-expired-credentials": {"task": "accounts.remove_expired_credentials", "schedule": 3600.0},
    "keep-invitations": {"task": "invitations.keep_up", "schedule": 10.0, "options": {"expires": 10}},
    "remind-invited": {"task": "invitations.remind", "schedule": 1800.0},
    "forget-delegates": {"task": "invitations.forget_delegates", "schedule": 86_400.0},
    "follow-up-agreements": {"task": "agreements.follow_up", "schedule": 900.0},
    "sweep-papers": {"task": "papers.sweep", "schedule": 5.0},
    "remove-old-papers": {"task": "papers.remove_old", "schedule": 86_400.0},
    "propose-meetings": {"task": "meetings.propose_meetings", "schedule": 15.0},
    "sweep-drafts": {"task": "meetings.sweep_drafts", "schedule": 10.0},
}
