"""What the audit need not know of people and organisations (``accounts.audit.watching``)."""

from __future__ import annotations

from accounts.audit.watching import Watching

WATCHING = Watching(
    exempt={
        "Session": "browsers' sessions; that somebody signed in is an entry of the account (last_login)",
        "UsedPassword": "hashes of passwords; that one was set is an entry of the account",
        "AuditEntry": "the audit itself, written by triggers alone",
        "AuditSeal": "the audit's chain, written by a function of the database alone",
        "AuditProgress": "how far the chain has come, written by the same function",
        "AuditCut": "signed; written by the owner's command that removes old entries",
    },
    unwatched={"PersonalToken": ("last_used_at",), "Application": ("last_used_at",)},
    shown={"User": ("is_superuser", "is_staff", "is_active", "last_login")},
)
