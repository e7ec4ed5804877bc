"""The classes of the columns of people and organisations (``accounts.classes``)."""

from __future__ import annotations

from accounts.classes import Declared

CLASSES: Declared = {
    "Organisation": {
        "chain": "id kind region is_demo created_at",
        "party": "name short_name uscc address",
    },
    "GradeHolding": {"chain": "id organisation grade expires", "party": "number"},
    "User": {
        "secret": "password is_superuser is_staff is_active last_login",
        "personal": "username email name phone",
        "party": "id public_id date_joined language is_demo in_use_since idle_told_at",
    },
    "Session": {"secret": "digest data expires_at user started_at seen_at", "personal": "address agent"},
    "SignInFailures": {"secret": "key user failures since locked_until told_at"},
    "UsedPassword": {"secret": "id user encoded set_at"},
    "DataKey": {"secret": "number secret created_at"},
    "PersonalToken": {
        "secret": "digest",
        "party": "id user name start scopes created_at expires_at last_used_at",
    },
    "Application": {
        "party": "id client_id user name scopes organisation created_by created updated last_used_at"
    },
    "ApplicationSecret": {"secret": "digest", "party": "id application start created_at expires_at"},
    "Membership": {"party": "id public_id user organisation role chains regions is_active created_at"},
    "AuditEntry": {
        "secret": "id at transaction request_id actor via credential action table object_id before after"
    },
    "AuditSeal": {"secret": "position entry hash"},
    "AuditProgress": {"secret": "id floor mark mark_transaction"},
    "AuditCut": {"secret": "position hash entries before at signature"},
    "AuditReading": {"party": "id at reader door asked"},
}
