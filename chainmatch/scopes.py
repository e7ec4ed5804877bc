"""Which scope each resource of the API needs, and which parts of the OAuth library are shut.

A name is a resource's basename, or ``basename.action`` where one operation differs. ``lines`` stands for
``lines:read`` and, for what changes something, ``lines:write``. A test finds what has no row.
"""

SCOPES_OF_OPERATIONS = {
    "me": "account",
    "organisation": "account",
    "notice": "account",
    "notice_settings": "account",
    "disclosure": "account",
    "token": "credentials",
    "application": "credentials",
    "chain": "programme",
    "region": "programme",
    "kind": "programme",
    "glossary_entry": "programme",
    "round": "programme",
    "overview": "programme",
    "figures": "programme",
    "statistics": "programme",
    "work": "programme",
    "join_request": "programme",
    "access": "account",
    "demand_line": "lines",
    "supply_line": "lines",
    "demand_line_bulk": "lines",
    "supply_line_bulk": "lines",
    "demand_list": "lines",
    "supply_list": "lines",
    "attachment": "lines",
    "line_attachment": "lines",
    "requirement_text": "lines:read",
    "upload": "lines",
    "upload_row": "lines",
    "confirmation": "matches",
    "demand_line_compared": "matches",
    "supply_line_compared": "matches",
    "run": "matches",
    "run_match": "matches",
    "match": "matches",
    "near_miss": "matches",
    "gap": "matches",
    "what_if": "matches:read",
    "matching_list": "matches",
    "policy": "matches",
    "policy_proposal": "matches",
    "review": "matches",
    "my_match": "matches",
    "meeting": "meetings",
    "appointment": "meetings",
    "venue": "meetings",
    "meeting_rule": "meetings",
    "agreement": "meetings",
    "gap_export": "exports:read",
    "matching_list_export": "exports:read",
    "matching_list_releases": "exports:read",
    "change": "webhooks",
    "webhook": "webhooks",
    "webhook_delivery": "webhooks",
}

OAUTH_BEST_PRACTICE = (
    "IMPLICIT_GRANT",
    "PASSWORD_GRANT",
    "PKCE_METHOD",
    "ACCESS_TOKEN_TRANSPORT",
    "AUTHZ_RESPONSE_ISS",
    "TOKEN_STORAGE",
    "REFRESH_TOKEN",
    "REDIRECT_URI_SCHEME",
    "REDIRECT_URI_MATCHING",
    "PKCE_REQUIRED",
)
"""Rules of RFC 9700 that the library would let slip by default; TOKEN_STORAGE keeps checksums only."""

OAUTH_TABLES = ("APPLICATION", "ACCESS_TOKEN", "GRANT", "ID_TOKEN", "REFRESH_TOKEN")
"""The library's tables, which the admin would show and change: the product's own pages do."""
