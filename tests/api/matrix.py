"""Every operation of the API and what each part may do with it.

One row an operation: method, address, body, and the status for each part. ``nobody`` always gets 401.
Parts that a row does not name get its ``others``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from matching.documents import word
from matching.documents.paper import Paper, Text

PARTS = (
    *("nobody", "office", "department", "head", "city", "other_city", "other_office"),
    *("leader", "integrator", "member", "other_leader", "other_member"),
    *("system_admin", "security_admin", "auditor"),
)
CHAIN_WIDE = ("office", "department", "head")
OFFICES = (*CHAIN_WIDE, "city", "other_city", "other_office")
BUYER = ("leader", "integrator")
ADMINISTRATORS = ("system_admin", "security_admin", "auditor")
LOOK_AFTER = ("system_admin", "security_admin")
IN_A_MONTH = f"{date.today() + timedelta(days=30)}"
FIRMS = (*BUYER, "member", "other_leader", "other_member")


@dataclass(frozen=True)
class Operation:
    """One row."""

    method: str
    path: str
    others: int
    body: dict[str, Any] | None = None
    by_part: dict[str, int] = field(default_factory=dict)

    def status(self, part: str) -> int:
        """What that part gets."""
        return 401 if part == "nobody" else self.by_part.get(part, self.others)


TABLE: list[Operation] = []
LETTER = word.write(Paper(title="意向书", blocks=(Text("甲方：{{ 需求方 }}"),)))
FILES = {
    "FILE": ("a.pdf", b"%PDF"),
    "SHEET": ("a.csv", "条目编号,名称".encode()),
    "LETTER": ("letter.docx", LETTER),
}
"""What a body's file is: its name and its bytes."""
NDJSON = "application/x-ndjson"
ROWS = "a row"
"""The key of a body that is sent as newline-delimited JSON, and under it its only row."""


def row(
    method: str, path: str, others: int, body: dict[str, Any] | None = None, **by_part: int | tuple[Any, ...]
) -> None:
    """Add an operation; ``s200=("office", …)`` names who gets which status."""
    statuses = {part: int(name[1:]) for name, parts in by_part.items() for part in parts}  # type: ignore[union-attr]
    assert statuses.keys() <= set(PARTS), statuses
    TABLE.append(Operation(method, path, others, body, statuses))


REASON = {"reason": "because"}
DEMAND = {"chain": "photovoltaic", "title": "电池片", "quantity": "5", "unit": "片", "node": "wafer"}
SUPPLY = {"chain": "photovoltaic", "title": "电池片", "unit": "片", "free_capacity": "7"}

row("GET", "/me/", 200)
row("PATCH", "/me/", 200, {"language": "en"})
row("GET", "/organisations/", 200)
row(
    "GET",
    "/organisations/{organisation}/",
    404,
    s200=(*CHAIN_WIDE, "city", "other_office", *BUYER, *LOOK_AFTER),
)
row(
    *("POST", "/organisations/", 403),
    {"kind": "office", "name": "示例专班", "region": "14"},
    s201=("system_admin",),
)
row(
    *("PATCH", "/organisations/{organisation}/", 404),
    {"name": "示例硅业"},
    s200=("system_admin",),
    s403=(*CHAIN_WIDE, "city", "other_office", *BUYER, "security_admin"),
)
row(
    *("PUT", "/organisations/{organisation}/grades/", 404),
    {"grades": [{"grade": "小巨人", "expires": "2030-12-31"}]},
    s200=("office", "other_office", "city"),
    s403=(*(part for part in CHAIN_WIDE if part != "office"), *BUYER, *LOOK_AFTER),
)
row("GET", "/people/", 403, s200=LOOK_AFTER)
row("GET", "/people/{person}/", 403, s200=LOOK_AFTER)
row("POST", "/people/{person}/end/", 403, s200=("system_admin",))
row("GET", "/memberships/", 200)
row("GET", "/memberships/{membership}/", 404, s200=("leader", *LOOK_AFTER))
row("POST", "/memberships/{membership}/end/", 404, s200=("leader", *LOOK_AFTER))
ASKED = {"organisation": "{organisation}", "role": "leader_firm", "name": "李工", "email": "li@firm.example"}
row("GET", "/role-requests/", 200)
row("POST", "/role-requests/", 403, ASKED, s201=("leader", "system_admin"))
row("GET", "/role-requests/{role_request}/", 404, s200=("leader", *LOOK_AFTER))
row(
    *("POST", "/role-requests/{role_request}/approve/", 404),
    s200=("security_admin",),
    s403=("leader", "system_admin"),
)
row(
    *("POST", "/role-requests/{role_request}/refuse/", 404),
    {"reason": "because"},
    s200=("security_admin",),
    s403=("leader", "system_admin"),
)
row(
    *("POST", "/role-requests/{role_request}/withdraw/", 404),
    s200=("leader", "system_admin"),
    s403=("security_admin",),
)
row(
    *("POST", "/role-requests/{role_request}/resend/", 404),
    s409=("leader", "system_admin"),
    s403=("security_admin",),
)
row("GET", "/audit-entries/", 200)
row("GET", "/audit-entries/{audit_entry}/", 404, s200=("auditor",))
row("GET", "/tokens/", 200)
row("POST", "/tokens/", 201, {"name": "ERP", "scopes": ["lines:read"], "days": 30})
row("DELETE", "/tokens/{token}/", 404, s204=("leader",))
PROGRAM = {"name": "ERP", "scopes": ["lines:read", "lines:write"]}
row("GET", "/applications/", 200)
row("POST", "/applications/", 201, PROGRAM, s403=("integrator", *ADMINISTRATORS))
row("GET", "/applications/{application}/", 404, s200=("leader",))
row("POST", "/applications/{application}/rotate/", 404, {"overlap_days": 7}, s200=("leader",))
row("DELETE", "/applications/{application}/", 404, s204=("leader",))

row("GET", "/chains/", 200)
row("GET", "/chains/{chain}/", 200)
row("GET", "/chains/{chain}/nodes/", 200)
row("GET", "/chains/{chain}/nodes/tree/", 200)
row("GET", "/regions/", 200)
row("GET", "/regions/{region}/", 200)
row("GET", "/kinds/", 200)
row("GET", "/kinds/{kind}/", 200)
row("GET", "/glossary/", 200)
row("GET", "/glossary/{entry}/", 200)
WORDS = {"kind": "synonym", "chain": "photovoltaic", "words": ["组件", "光伏组件"]}
row("POST", "/glossary/", 403, WORDS, s201=("office",))
row("PUT", "/glossary/{entry}/", 403, WORDS, s200=("office",))
row("PATCH", "/glossary/{entry}/", 403, {"is_active": False}, s200=("office",))
row("DELETE", "/glossary/{entry}/", 403, s204=("office",))

ROUND = {
    "chain": "photovoltaic",
    "name": "下一期",
    "opens_at": "2030-01-01T00:00:00+08:00",
    "closes_at": "2030-03-01T00:00:00+08:00",
}
row("GET", "/rounds/", 200)
row("GET", "/rounds/{open_round}/", 200, s404=("other_office", *ADMINISTRATORS))
row("POST", "/rounds/", 403, ROUND, s201=("office",))
row(
    "POST",
    "/rounds/{planned_round}/open/",
    403,
    s404=(*CHAIN_WIDE, "city", "other_city", *ADMINISTRATORS),
    s200=("other_office",),
)
row("POST", "/rounds/{open_round}/close/", 403, s404=("other_office", *ADMINISTRATORS), s200=("office",))
OVERSEERS = (*CHAIN_WIDE, "city", "other_city")
row("GET", "/rounds/{open_round}/submissions/", 403, s404=("other_office", *ADMINISTRATORS), s200=OVERSEERS)
row("POST", "/rounds/{open_round}/remind/", 403, {}, s404=("other_office", *ADMINISTRATORS), s200=OVERSEERS)
END = {"closes_at": "2099-12-31T23:59:59+08:00"}
row(
    "POST", "/rounds/{open_round}/extend/", 403, END, s404=("other_office", *ADMINISTRATORS), s200=("office",)
)

for list_name, owners, body in (("demand", BUYER, DEMAND), ("supply", ("member",), SUPPLY)):
    writers = (*BUYER, "other_leader") if list_name == "demand" else ("member", "other_member")
    base = f"/{list_name}-lines"
    sees = (*CHAIN_WIDE, "city", *owners)
    watchers = (*CHAIN_WIDE, "city")
    row("GET", f"{base}/", 200)
    row("GET", f"{base}/{{verified_{list_name}}}/", 404, s200=sees)
    row("GET", f"{base}/{{verified_{list_name}}}/events/", 404, s200=sees)
    row("POST", f"{base}/", 403, body, s201=writers)
    row("PUT", f"{base}/{{verified_{list_name}}}/", 404, body, s200=owners, s403=watchers)
    row("PATCH", f"{base}/{{verified_{list_name}}}/", 404, {"title": "新"}, s200=owners, s403=watchers)
    row("POST", f"{base}/act/", 200, {"ids": [f"{{draft_{list_name}}}"], "action": "submit"})
    row("POST", f"{base}/similar/", 403, {"chain": "photovoltaic", "title": "wafer"}, s200=writers)
    row("POST", f"{base}/{{draft_{list_name}}}/copy/", 404, s201=owners)
    row("GET", f"{base}/{{draft_{list_name}}}/completeness/", 404, s200=owners)
    row("POST", f"{base}/{{draft_{list_name}}}/submit/", 404, s200=owners)
    for verb, sent in (("verify", None), ("return", REASON)):
        row(
            "POST",
            f"{base}/{{submitted_{list_name}}}/{verb}/",
            404,
            sent,
            s200=("office", "city"),
            s403=("department", "head", *owners),
        )
    row("POST", f"{base}/{{verified_{list_name}}}/withdraw/", 404, s200=owners, s403=watchers)
    row("POST", f"{base}/{{withdrawn_{list_name}}}/restore/", 404, s200=owners, s403=watchers)
    row("POST", f"{base}/{{verified_{list_name}}}/confirm/", 404, {}, s200=owners, s403=watchers)
    line = {key: value for key, value in body.items() if key != "chain"} | {"key": "X1"}
    row("PUT", f"/{list_name}-lists/{{chain}}/", 403, {"lines": [line]}, s200=writers)
    row("POST", f"{base}/bulk/", 403, {ROWS: body | {"key": "X1"}}, s200=writers)

SEES_DEMAND = (*CHAIN_WIDE, "city", *BUYER)
row("GET", "/demand-lines/{verified_demand}/attachments/", 404, s200=SEES_DEMAND)
row(
    "POST",
    "/demand-lines/{verified_demand}/attachments/",
    404,
    {"file": "FILE"},
    s201=BUYER,
    s403=(*CHAIN_WIDE, "city"),
)
row("GET", "/attachments/", 200)
row("POST", "/requirements/parse/", 200, {"text": "厚度3±0.1mm"})
row("GET", "/attachments/{attachment}/", 404, s200=SEES_DEMAND)
row("GET", "/attachments/{attachment}/file/", 404, s200=SEES_DEMAND)
row("DELETE", "/attachments/{attachment}/", 404, s204=BUYER, s403=tuple(set(SEES_DEMAND) - set(BUYER)))

ORDER = {"meeting": "{meeting}", "issuer": "示例省光伏产业链链长办公室"}
PAPERS = ("office", "department")
row("GET", "/paper-packs/", 200)
row("POST", "/paper-packs/", 403, ORDER, s201=PAPERS, s404=("other_office",))
row("GET", "/paper-packs/{pack}/", 404, s200=CHAIN_WIDE)
row("POST", "/paper-packs/{pack}/order-again/", 404, s200=PAPERS, s403=("head",))
row("GET", "/paper-packs/{pack}/archive/", 404, s200=CHAIN_WIDE)
row("GET", "/paper-packs/{pack}/files/{number}/", 404, s200=CHAIN_WIDE)
row("GET", "/letter-templates/", 200)
row("GET", "/letter-templates/{chain}/", 404, s200=CHAIN_WIDE)
row("PUT", "/letter-templates/{chain}/", 404, {"file": "LETTER"}, s200=PAPERS, s403=("head",))
row("DELETE", "/letter-templates/{chain}/", 404, s204=PAPERS, s403=("head",))
row("GET", "/letter-templates/{chain}/file/", 404, s200=CHAIN_WIDE)
for path in ("/summaries/", "/summaries/rows/"):
    row("GET", path, 403, s200=(*CHAIN_WIDE, "other_office"))
row(
    "GET",
    "/meetings/{meeting}/own-papers/{own_paper}/",
    403,
    s200=("leader", "integrator", "member"),
    s404=("other_leader", "other_member"),
)

row("GET", "/uploads/", 200)
row("POST", "/uploads/", 403, {"file": "SHEET"}, s201=FIRMS)
row("GET", "/uploads/{upload}/", 404, s200=BUYER)
row("GET", "/uploads/{upload}/rows/", 404, s200=BUYER)
row("GET", "/uploads/{upload}/marked/", 404, s200=BUYER)
row("POST", "/uploads/{upload}/apply/", 404, {}, s200=BUYER)
row("POST", "/uploads/{upload}/read-again/", 404, s200=BUYER)

PAIR = {"text": "太阳能薄片", "uscc": "{supply_uscc}", "line": "{supply_key}"}
row("GET", "/confirmations/", 200)
row("GET", "/confirmations/{confirmation}/", 404, s200=CHAIN_WIDE)
row("POST", "/confirmations/", 403, PAIR, s201=("office",), s400=("other_office",))
row("POST", "/confirmations/import/", 403, {"rows": [PAIR]}, s200=("office", "other_office"))
row(
    "POST",
    "/confirmations/{confirmation}/revoke/",
    404,
    REASON,
    s200=("office",),
    s403=("department", "head"),
)

row("GET", "/runs/", 200)
row("GET", "/runs/{run}/", 404, s200=CHAIN_WIDE)
row(
    "POST",
    "/runs/",
    403,
    {"round": "{round}"},
    s201=("office",),
    s400=("other_office",),
)
row("POST", "/runs/{run}/cancel/", 404, s409=("office",), s403=("department", "head"))
row("GET", "/runs/{run}/preview/", 404, s200=CHAIN_WIDE)
row("POST", "/runs/{run}/publish/", 404, s201=("office",), s403=("department", "head"))
row("GET", "/runs/{run}/matches/", 404, s200=CHAIN_WIDE)
row("GET", "/runs/{run}/near-misses/", 404, s200=CHAIN_WIDE)
row("GET", "/runs/{run}/near-misses/{miss}/", 404, s200=CHAIN_WIDE)
row(
    *("POST", "/runs/{run}/what-if/", 404),
    {"supply": "{run_supply}", "free_capacity": "1"},
    s200=("office",),
    s403=("department", "head"),
)
row("GET", "/runs/{run}/gaps/", 404, s200=CHAIN_WIDE)
row("GET", "/runs/{run}/gaps/{gap}/", 404, s200=CHAIN_WIDE)
row("GET", "/matching-lists/", 200)
row("GET", "/matching-lists/{list}/", 404, s200=CHAIN_WIDE)
row("GET", "/matching-lists/{list}/content/", 404, s200=CHAIN_WIDE)

NEW_RULES = {"chain": "photovoltaic", "weights": {"text": 1, "delivery": 3}, "note": "交期优先"}
row("GET", "/policies/", 200)
row("GET", "/policies/{policy}/", 404, s200=CHAIN_WIDE)
row("GET", "/policies/{policy}/differences/", 404, s200=CHAIN_WIDE)
row("POST", "/policies/", 403, NEW_RULES, s201=("office",))
row("POST", "/policies/{policy}/restore/", 404, {}, s201=("office",), s403=("department", "head"))
row("GET", "/policy-proposals/", 200)
row("GET", "/policy-proposals/{proposal}/", 404, s200=CHAIN_WIDE)
row("POST", "/policy-proposals/{proposal}/adopt/", 404, {}, s200=("office",), s403=("department", "head"))
row("POST", "/policy-proposals/{proposal}/reject/", 404, {}, s200=("office",), s403=("department", "head"))

row("GET", "/matches/{match}/", 404, s200=CHAIN_WIDE)
row("POST", "/matches/{match}/shortlist/", 404, {}, s200=("office",), s403=("department", "head"))
row("POST", "/matches/{match}/reject/", 404, REASON, s200=("office",), s403=("department", "head"))
row("POST", "/matches/{match}/reopen/", 404, {}, s409=("office",), s403=("department", "head"))
row("GET", "/reviews/", 200)
row("GET", "/reviews/{review}/", 404, s200=CHAIN_WIDE)
row(
    "POST",
    "/reviews/bulk/",
    403,
    {"matches": ["{match}"], "action": "shortlist"},
    s200=("office", "other_office"),
)
row("POST", "/reviews/{review}/accept/", 404, {}, s200=(*BUYER, "member"), s403=CHAIN_WIDE)
row("POST", "/reviews/{review}/decline/", 404, REASON, s200=(*BUYER, "member"), s403=CHAIN_WIDE)
row("GET", "/my-matches/", 200)
row("GET", "/my-matches/{review}/", 404, s200=(*BUYER, "member"))

PARTIES = (*BUYER, "member")
row("GET", "/meetings/", 200)
row("GET", "/meetings/{meeting}/", 404, s200=(*CHAIN_WIDE, *PARTIES))
row("POST", "/meetings/propose/", 403, {"chain": "photovoltaic"}, s409=("office", "department"))
row("POST", "/meetings/{meeting}/approve/", 404, {}, s409=CHAIN_WIDE, s403=PARTIES)
row("POST", "/meetings/{meeting}/endorse/", 404, {}, s409=("office", "department"), s403=("head", *PARTIES))
row(
    *("POST", "/meetings/{meeting}/confirm/", 404, {}),
    s409=("head",),
    s403=("office", "department", *PARTIES),
)
row(
    *("POST", "/meetings/{meeting}/return/", 404, REASON),
    s409=("head",),
    s403=("office", "department", *PARTIES),
)
row("POST", "/meetings/{meeting}/decline/", 404, REASON, s409=CHAIN_WIDE, s403=PARTIES)
row("POST", "/meetings/{meeting}/cancel/", 404, REASON, s200=CHAIN_WIDE, s403=PARTIES)
row("POST", "/meetings/{meeting}/hold/", 404, {}, s200=CHAIN_WIDE, s403=PARTIES)
row("GET", "/invitations/", 200)
row("GET", "/invitations/{invitation}/", 404, s200=(*CHAIN_WIDE, *BUYER))
GUEST = {"meeting": "{meeting}", "organisation": "{guest}"}
row("POST", "/invitations/", 403, GUEST, s201=("office", "department"), s400=("other_office",))
ANSWERING = ("office", "department", *BUYER)
COMES = {"delegates": [{"name": "李娜"}]}
row("POST", "/invitations/{invitation}/accept/", 404, COMES, s200=ANSWERING, s403=("head",))
row("POST", "/invitations/{invitation}/decline/", 404, REASON, s200=ANSWERING, s403=("head",))
row("POST", "/invitations/{invitation}/wait/", 404, {}, s409=ANSWERING, s403=("head",))
row(
    *("POST", "/invitations/{invitation}/remind/", 404, {}),
    s200=("office", "department"),
    s403=("head", *BUYER),
)
row("GET", "/invitations/{invitation}/calendar/", 404, s200=(*CHAIN_WIDE, *BUYER))
row("GET", "/calendars/", 200)
row("POST", "/calendars/", 201)
row("DELETE", "/calendars/{calendar}/", 404, s204=("leader",))
row("GET", "/invitations/{invitation}/agenda/", 404, s200=(*CHAIN_WIDE, *BUYER))
row("GET", "/appointments/", 200)
row("GET", "/appointments/{appointment}/", 404, s200=(*CHAIN_WIDE, *PARTIES))
row(
    "POST",
    "/appointments/{appointment}/move/",
    404,
    {"table": 2, "slot": 0},
    s200=("office", "department"),
    s403=("head", *PARTIES),
)
row(
    *("POST", "/appointments/{appointment}/pin/", 404, {"pinned": True}),
    s200=("office", "department"),
    s403=("head", *PARTIES),
)
row("GET", "/plan-drafts/", 200)
row("GET", "/plan-drafts/{draft}/", 404, s200=CHAIN_WIDE)
DRAFT = {"meeting": "{meeting}", "changes": {"slots": 5}}
row("POST", "/plan-drafts/", 403, DRAFT, s201=("office", "department"), s404=("other_office",))
row("POST", "/plan-drafts/{draft}/apply/", 404, {}, s200=("office", "department"), s403=("head",))
row("POST", "/plan-drafts/{draft}/recompute/", 404, {}, s200=("office", "department"), s403=("head",))
NOON = {"begins": "2036-12-04T12:00:00+08:00", "ends": "2036-12-04T14:00:00+08:00"}
row("GET", "/absences/", 200)
row("GET", "/absences/{absence}/", 404, s200=BUYER)
row("POST", "/absences/", 403, NOON, s201=FIRMS)
row("DELETE", "/absences/{absence}/", 404, s204=BUYER)
row("GET", "/presences/", 200)
row("GET", "/presences/{presence}/", 404, s200=BUYER)
row(
    "POST",
    "/presences/",
    403,
    {"languages": ["zh", "en"]},
    s201=("member", "other_leader", "other_member"),
    s409=BUYER,
)
row("PATCH", "/presences/{presence}/", 404, {"languages": ["zh", "ja"]}, s200=BUYER)
row("GET", "/venues/", 200)
row("GET", "/venues/{venue}/", 200)
RULE = {"venue": "{venue}", "cadence": "quarter", "minimum_pairs": 2}
row("GET", "/meeting-rules/", 200)
row("GET", "/meeting-rules/{rule}/", 404, s200=CHAIN_WIDE)
row("PUT", "/meeting-rules/{rule}/", 404, RULE, s200=("office", "department"), s403=("head",))
row("PATCH", "/meeting-rules/{rule}/", 404, {"lead_days": 7}, s200=("office", "department"), s403=("head",))

row("GET", "/disclosures/", 200)
PLACE = {"name": "会展中心", "address": "长兴南街", "region": "140110", "tables": [1, 2]}
KEEPERS = ("office", "department", "other_office")
row("POST", "/venues/", 403, PLACE, s201=KEEPERS)
row("PATCH", "/venues/{venue}/", 403, {"address": "新址"}, s200=KEEPERS)
FIRST_RULE = {"chain": "{chain}", "venue": "{venue}"}
row("POST", "/meeting-rules/", 403, FIRST_RULE, s409=("office", "department"))

VERIFIERS = ("office", "other_office", "city", "other_city")
row("GET", "/join-requests/", 403, s200=VERIFIERS)
NOT_THEIRS = ("office", "other_office", "other_city")
row("GET", "/join-requests/{join_request}/", 403, s200=("city",), s404=NOT_THEIRS)
row("POST", "/join-requests/{join_request}/verify/", 403, {}, s200=("city",), s404=NOT_THEIRS)
row("POST", "/join-requests/{join_request}/return/", 403, REASON, s200=("city",), s404=NOT_THEIRS)

row("GET", "/demand-lines/{run_demand}/compared/", 404, s409=CHAIN_WIDE)
row("GET", "/supply-lines/{run_supply}/compared/", 404, s409=CHAIN_WIDE)

row("GET", "/runs/{run}/gaps/export/", 404, s200=CHAIN_WIDE)
row("GET", "/matching-lists/{list}/export/", 404, s200=CHAIN_WIDE)
row("GET", "/matching-lists/{list}/releases/", 404, s200=CHAIN_WIDE)
row("GET", "/accepted-pairs/", 200)
row("GET", "/accepted-pairs/{accepted}/", 404, s200=(*CHAIN_WIDE, *PARTIES))
row("GET", "/accepted-pairs/export/", 200)

RECORDERS = ("office", "department")
row("GET", "/agreements/", 200)
row("GET", "/agreements/{agreement}/", 404, s200=(*CHAIN_WIDE, *PARTIES))
row("GET", "/agreements/export/", 200)
QUOTE = {"review": "{accepted}", "kind": "quote", "amount": "12.50", "signed_on": "2026-01-31"}
row("POST", "/agreements/", 404, QUOTE, s201=(*RECORDERS, *PARTIES), s403=("head",))
row(
    *("POST", "/agreements/{agreement}/confirm/", 404, {}),
    s200=(*RECORDERS, "member"),
    s403=("head", *BUYER),
)
row(
    *("POST", "/agreements/{agreement}/dispute/", 404, REASON),
    s200=("member",),
    s403=(*CHAIN_WIDE, *BUYER),
)
row(
    *("POST", "/agreements/{agreement}/correct/", 404, {"note": "更正"}),
    s200=(*RECORDERS, *PARTIES),
    s403=("head",),
)
row(
    *("POST", "/agreements/{own_agreement}/withdraw/", 404, {}),
    s200=BUYER,
    s403=(*CHAIN_WIDE, "member"),
)
row(
    *("POST", "/agreements/{agreement}/annul/", 404, REASON),
    s200=RECORDERS,
    s403=("head", *PARTIES),
)
row(
    *("POST", "/agreements/{agreement}/attachments/", 404, {"file": "FILE"}),
    s201=(*RECORDERS, *PARTIES),
    s403=("head",),
)
row("GET", "/agreement-attachments/", 200)
row("GET", "/agreement-attachments/{agreement_file}/", 404, s200=(*CHAIN_WIDE, *PARTIES))
row("GET", "/agreement-attachments/{agreement_file}/file/", 404, s200=(*CHAIN_WIDE, *PARTIES))
row(
    *("DELETE", "/agreement-attachments/{agreement_file}/", 404),
    s204=BUYER,
    s403=(*CHAIN_WIDE, "member"),
)
row("GET", "/meeting-days/{meeting}/", 404, s200=(*CHAIN_WIDE, *PARTIES))
DESK = ("office", "department")
AT_THE_DOOR = {"organisation": "{organisation}"}
row("POST", "/meeting-days/{meeting}/check-in/", 404, AT_THE_DOOR, s200=(*DESK, *BUYER))
row("POST", "/meeting-days/{meeting}/undo-check-in/", 404, AT_THE_DOOR, s200=DESK)
row("POST", "/meeting-days/{meeting}/late/", 404, {**AT_THE_DOOR, "minutes": 20}, s200=(*DESK, *BUYER))
row("POST", "/meeting-days/{meeting}/replan/", 404, {"shut": [1]}, s409=DESK, s403=("head", *PARTIES))
row(
    "POST",
    "/meeting-days/{meeting}/walk-in/",
    404,
    {"review": "{review}"},
    s409=DESK,
    s403=("head", *PARTIES),
)
row("GET", "/meeting-days/{meeting}/walk-ins/", 404, s200=DESK, s403=("head", *PARTIES))
row("GET", "/arrivals/", 200)
row("GET", "/arrivals/{arrival}/", 404, s200=(*CHAIN_WIDE, *BUYER))
row("GET", "/sittings/", 200)
row("GET", "/sittings/{sitting}/", 404, s200=(*CHAIN_WIDE, *PARTIES))
for verb in ("begin", "miss"):
    row("POST", f"/sittings/{{sitting}}/{verb}/", 404, {}, s200=DESK, s403=("head", *PARTIES))
for verb in ("finish", "undo"):
    row("POST", f"/sittings/{{sitting}}/{verb}/", 404, {}, s409=DESK, s403=("head", *PARTIES))
row("GET", "/outcomes/", 200)
row("GET", "/outcomes/{outcome}/", 404, s200=(*CHAIN_WIDE, *PARTIES))
row("GET", "/progress/", 200)
row("GET", "/progress/{accepted}/", 404, s200=(*CHAIN_WIDE, *PARTIES))
row(
    *("POST", "/progress/{accepted}/plan/", 404, {"due_on": IN_A_MONTH}),
    s200=(*RECORDERS, *PARTIES),
    s403=("head",),
)
# No contract is in force yet.
row(
    *("POST", "/progress/{accepted}/deliver/", 404, {"done_on": "2026-01-31"}),
    s409=(*RECORDERS, *BUYER),
    s403=("head", "member"),
)
row(
    *("POST", "/progress/{accepted}/break-off/", 404, REASON),
    s200=(*RECORDERS, *PARTIES),
    s403=("head",),
)
row("GET", "/supervision-orders/", 200)
row("GET", "/supervision-orders/{order}/", 404, s200=CHAIN_WIDE)
row(
    *("POST", "/supervision-orders/{order}/answer/", 404, {"answer": "已走访"}),
    s200=("department",),
    s403=("office", "head"),
)
row(
    *("POST", "/supervision-orders/{order}/return/", 404, REASON),
    s409=("office",),
    s403=("department", "head"),
)
row(
    *("POST", "/supervision-orders/{order}/close/", 404),
    s200=("office",),
    s403=("department", "head"),
)
row("GET", "/follow-up-rules/", 200)
row("GET", "/follow-up-rules/{chain}/", 404, s200=(*RECORDERS, "head"))
row(
    *("PUT", "/follow-up-rules/{chain}/", 404, {"escalate_days": 10}),
    s200=RECORDERS,
    s403=("head",),
)
CAME_TO = {"appointment": "{appointment}", "result": "follow_up", "next_step": "寄样", "due_on": "2030-01-31"}
row("POST", "/outcomes/", 404, CAME_TO, s201=(*RECORDERS, *PARTIES), s403=("head",))
row("GET", "/agreements/releases/", 409, s200=(*CHAIN_WIDE, *PARTIES))

row("GET", "/work/", 200)
row("GET", "/statistics/", 200)
row("GET", "/figures/", 403, s200=OFFICES)
row("GET", "/notice-settings/", 200)
WISHES = {"wishes": [{"topic": "general", "portal": True, "mail": "daily"}]}
row("POST", "/notice-settings/choose/", 200, WISHES)
row("GET", "/notices/", 200)
row("POST", "/notices/read/", 200)
row("GET", "/overview/", 200)

HOOK = {"url": "https://erp.example.com/hook", "events": ["review.changed"]}
row("GET", "/changes/", 200)
row("GET", "/webhooks/", 200)
row("POST", "/webhooks/", 201, HOOK, s403=ADMINISTRATORS)
row("GET", "/webhooks/{webhook}/", 404, s200=BUYER)
row("PATCH", "/webhooks/{webhook}/", 404, {"description": "SAP"}, s200=BUYER)
row("DELETE", "/webhooks/{webhook}/", 404, s204=BUYER)
row("POST", "/webhooks/{webhook}/rotate/", 404, s200=BUYER)
row("POST", "/webhooks/{webhook}/pause/", 404, s200=BUYER)
row("POST", "/webhooks/{webhook}/resume/", 404, s409=BUYER)
row("POST", "/webhooks/{webhook}/test/", 404, s201=BUYER)
row("POST", "/webhooks/{webhook}/replay/", 404, {"since": "2026-01-01T00:00:00+08:00"}, s200=BUYER)
row("GET", "/webhooks/{webhook}/deliveries/", 404, s200=BUYER)
row("GET", "/webhooks/{webhook}/deliveries/{delivery}/", 404, s200=BUYER)
row("POST", "/webhooks/{webhook}/deliveries/{delivery}/replay/", 404, s200=BUYER)
row("GET", "/access/", 200)
