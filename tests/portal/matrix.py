"""Every page of the portal and what each part gets from it.

One row a page: method, name of the route, what fills its address, the form, the status for each part.
``nobody`` is sent to sign in unless the row is public.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests import factories
from tests.api.matrix import ADMINISTRATORS, BUYER, CHAIN_WIDE, FIRMS, IN_A_MONTH, LOOK_AFTER, OFFICES

SELLER = ("member",)
PARTIES = (*BUYER, *SELLER)
LEADERS = (*BUYER, "other_leader")
MEMBERS = ("member", "other_member")
SEES_RUNS = (*CHAIN_WIDE, "other_office")
HIDDEN_ROUND = ("other_office", *ADMINISTRATORS)
TO_SIGN_IN = 302


@dataclass(frozen=True)
class Page:
    """One row; ``argument`` is a name of the story, or a word itself where the story has none."""

    method: str
    name: str
    argument: str | None
    others: int
    form: dict[str, Any] = field(default_factory=dict)
    public: bool = False
    by_part: dict[str, int] = field(default_factory=dict)

    def status(self, part: str) -> int:
        """What that part gets."""
        if part == "nobody" and not self.public:
            return TO_SIGN_IN
        return self.by_part.get(part, self.others)


TABLE: list[Page] = []


def row(
    method: str,
    name: str,
    argument: str | None,
    others: int,
    *,
    form: dict[str, Any] | None = None,
    public: bool = False,
    **by_part: tuple[str, ...],
) -> None:
    """Add a page; ``s200=("office", …)`` names who gets which status."""
    statuses = {part: int(status[1:]) for status, parts in by_part.items() for part in parts}
    TABLE.append(Page(method, name, argument, others, form or {}, public, statuses))


def rows_of(*names: str) -> dict[str, str]:
    """What a form sends for rows of which there are none."""
    return {f"{name}-{count}_FORMS": "0" for name in names for count in ("TOTAL", "INITIAL")}


row("GET", "home", None, 200, public=True)
row("GET", "audit_list", None, 403, s200=("auditor",))
row("GET", "audit_csv", None, 403, s200=("auditor",))
row("GET", "audit_entry", "audit_entry", 403, s200=("auditor",))
row("GET", "method", None, 200, public=True)
row("GET", "api_guide", None, 200, public=True)
row("GET", "problems", None, 200, public=True)
row("GET", "problem", "required", 200, public=True)
row("POST", "choose_language", None, 302, form={"language": "en"}, public=True)
row("GET", "session_list", None, 200)
row("POST", "session_end", None, 303, form={"session": "others"})
OWN_FIRM = ("leader", "member", "other_leader", "other_member")
COLLEAGUE = {"name": "李工", "email": "li@firm.example"}
row("GET", "colleague_list", None, 403, s200=OWN_FIRM)
row("POST", "colleague_invite", "organisation", 403, form=COLLEAGUE, s303=("leader",), s404=OWN_FIRM[1:])
row("POST", "colleague_end", "membership", 403, s303=("leader",), s404=OWN_FIRM[1:])
for name in ("person_list", "role_request_list", "organisation_list"):
    row("GET", name, None, 403, s200=LOOK_AFTER)
row("GET", "person_detail", "person", 403, s200=LOOK_AFTER)
row("GET", "organisation_detail", "organisation", 403, s200=LOOK_AFTER)
row("POST", "role_end", "membership", 403, s302=LOOK_AFTER)
row("GET", "role_request_create", "organisation", 403, s200=("system_admin",))
row("POST", "role_request_create", "organisation", 403, s422=("system_admin",))
row(
    *("POST", "role_request_act", "role_request", 404),
    form={"action": "approve"},
    s302=("security_admin",),
    s403=("leader", "system_admin"),
)
for name, argument in (("organisation_create", None), ("organisation_edit", "organisation")):
    row("GET", name, argument, 403, s200=("system_admin",))
    row("POST", name, argument, 403, s422=("system_admin",))
GRADING = ("office", "other_office", "city")
NOT_GRADING = (*(part for part in CHAIN_WIDE if part != "office"), *BUYER, *LOOK_AFTER)
row("GET", "grade_list", None, 403, s200=(*GRADING, "other_city"))
row("GET", "grade_edit", "organisation", 404, s200=GRADING, s403=NOT_GRADING)
row(
    *("POST", "grade_edit", "organisation", 404),
    form={"little_giant": "on", "little_giant_expires": "2030-12-31"},
    s303=GRADING,
    s403=NOT_GRADING,
)
row("GET", "role_accept", "role_link", 200, public=True)
row("POST", "role_accept", "role_link", 422, public=True)
row("POST", "person_act", "person", 403, form={"action": "unlock"}, s302=("security_admin",))
row("GET", "system_settings", None, 403, s200=("system_admin",))
row("GET", "chain_list", None, 200)
row("GET", "chain_detail", "chain", 200)
row("GET", "favicon", None, 301, public=True)
row("GET", "robots", None, 200, public=True)
row("GET", "statistics", None, 200, public=True)
row("GET", "access_table", None, 200)
row("GET", "design", None, 200, public=True)
for name in ("overview", "overview_rows", "overview_wall"):
    row("GET", name, None, 403, form={"chain": "{chain}"}, s200=OFFICES)
for name in ("join", "join_places", "join_sent", "join_confirmed", "privacy"):
    row("GET", name, None, 200, public=True)
row("POST", "join", None, 422, public=True)
for name in ("join_confirm", "join_correct"):
    for method in ("GET", "POST"):
        row(method, name, "no-such-link", 404, public=True)
row("GET", "join_queue", None, 403, s200=("office", "other_office", "city", "other_city"))
row("POST", "join_act", "join_request", 404, form={"action": "verify"}, s303=("city",))
row("GET", "glossary_list", None, 200)
row("GET", "glossary_create", None, 403, s200=("office", "other_office"))
row("GET", "glossary_edit", "entry", 403, s200=("office",))

WORDS = {"kind": "synonym", "chain": "photovoltaic", "words": "焊带\n涂锡带"}
row("POST", "glossary_create", None, 403, form=WORDS, s303=("office",), s422=("other_office",))
row("POST", "glossary_edit", "entry", 403, form=WORDS, s303=("office",))

row("GET", "demand_list", None, 403, s200=(*OFFICES, *LEADERS))
row("GET", "supply_list", None, 403, s200=(*OFFICES, *MEMBERS))
row("GET", "demand_export", None, 403, s200=(*OFFICES, *LEADERS))
row("GET", "supply_export", None, 403, s200=(*OFFICES, *MEMBERS))
row("GET", "demand_template", None, 403, s200=(*OFFICES, *LEADERS))
row("GET", "supply_template", None, 403, s200=(*OFFICES, *MEMBERS))
row("GET", "demand_create", None, 403, s200=LEADERS)
row("GET", "supply_create", None, 403, s200=MEMBERS)
LINE = {"chain": "photovoltaic", "title": "电池片", "unit": "片", "valid_until": "2099-12-31"}
DEMAND = {**LINE, "quantity": "5", "period": "month", **rows_of("requirements")}
SUPPLY = {**LINE, "free_capacity": "7", "lead_time_unit": "week", **rows_of("properties", "certificates")}
for side, body, owners, writers in (("demand", DEMAND, BUYER, LEADERS), ("supply", SUPPLY, SELLER, MEMBERS)):
    row("POST", f"{side}_create", None, 403, form=body, s303=writers)
    row(
        *("POST", f"{side}_edit", f"submitted_{side}", 404),
        form=body,
        s303=owners,
        s403=(*CHAIN_WIDE, "city"),
    )
row("POST", "demand_bulk", None, 403, form={"action": "submit"}, s303=LEADERS)
row("POST", "supply_bulk", None, 403, form={"action": "withdraw"}, s303=MEMBERS)
row("GET", "demand_detail", "submitted_demand", 404, s200=(*CHAIN_WIDE, "city", *BUYER))
row("GET", "supply_detail", "submitted_supply", 404, s200=(*CHAIN_WIDE, "city", *SELLER))
row("GET", "demand_edit", "submitted_demand", 404, s200=BUYER, s403=(*CHAIN_WIDE, "city"))
row("GET", "supply_edit", "submitted_supply", 404, s200=SELLER, s403=(*CHAIN_WIDE, "city"))
row(
    *("POST", "demand_act", "submitted_demand", 404),
    form={"action": "verify"},
    s303=("office", "city"),
    s403=("department", "head", *BUYER),
)
row(
    *("POST", "supply_act", "submitted_supply", 404),
    form={"action": "withdraw"},
    s303=SELLER,
    s403=(*CHAIN_WIDE, "city"),
)
row(
    *("POST", "attachment_add", "verified_demand", 404),
    form={"file": "FILE"},
    s303=BUYER,
    s403=(*CHAIN_WIDE, "city"),
)
row(
    *("POST", "attachment_delete", "attachment", 404),
    s200=BUYER,
    s403=(*CHAIN_WIDE, "city"),
)
for side, line, firm in (("demand", "submitted_demand", BUYER), ("supply", "submitted_supply", SELLER)):
    for name in ("quick", "row"):
        row("GET", f"{side}_{name}", line, 404, s200=firm, s403=(*CHAIN_WIDE, "city"))
    row("POST", f"{side}_quick", line, 404, s422=firm, s403=(*CHAIN_WIDE, "city"))
    row("POST", f"{side}_copy", line, 404, s303=firm, s403=(*CHAIN_WIDE, "city"))
row("GET", "attachment_download", "attachment", 404, s200=(*CHAIN_WIDE, "city", *BUYER))
row("GET", "node_options", None, 200)
row("GET", "row_blank", "requirements", 200)
row("GET", "understood", "properties", 200)
row("POST", "recognised", "requirements", 200, form={"description": "厚度3mm"})
row("POST", "recognised_add", "properties", 200)
row("POST", "demand_similar", None, 403, form={"title": "wafer"}, s200=LEADERS)
row("POST", "supply_similar", None, 403, form={"title": "wafer"}, s200=MEMBERS)
row("GET", "verification", None, 403, s200=("office", "other_office", "city", "other_city"))
row(
    *("POST", "verification", None, 403),
    form={"action": "verify"},
    s303=("office", "other_office", "city", "other_city"),
)

FIRST_CHOICE = {"mode": "good"}
row("GET", "upload_list", None, 403, s200=FIRMS)
row("GET", "demand_upload", None, 403, s200=LEADERS)
row("GET", "supply_upload", None, 403, s200=MEMBERS)
row("POST", "demand_upload", None, 403, form={"file": "SHEET"}, s303=LEADERS)
row("POST", "supply_upload", None, 403, form={"file": "SHEET"}, s303=MEMBERS)
row("GET", "upload_detail", "upload", 404, s200=BUYER)
row("GET", "upload_progress", "upload", 404, s200=BUYER)
row("GET", "upload_marked", "upload", 404, s200=BUYER)
row("POST", "upload_apply", "upload", 404, form=FIRST_CHOICE, s303=BUYER)
row("POST", "upload_again", "upload", 404, s303=BUYER)

row("GET", "round_list", None, 200)
row("GET", "round_plan", None, 403, s200=("office", "other_office"))
PERIOD = {"chain": "photovoltaic", "name": "明年", "opens_on": "2097-01-10", "closes_on": "2097-02-01"}
row("POST", "round_plan", None, 403, form=PERIOD, s303=("office",), s422=("other_office",))
row("POST", "round_act", "open_round", 403, form={"action": "close"}, s303=("office",), s404=HIDDEN_ROUND)
row(
    *("GET", "round_detail", "open_round", 403),
    s200=(*CHAIN_WIDE, "city", "other_city"),
    s404=HIDDEN_ROUND,
)
row(
    *("POST", "round_remind", "open_round", 403),
    form={"who": "all"},
    s303=(*CHAIN_WIDE, "city", "other_city"),
    s404=HIDDEN_ROUND,
)
row(
    *("POST", "round_extend", "open_round", 403),
    form={"closes_on": "2099-12-31"},
    s303=("office",),
    s404=HIDDEN_ROUND,
)
row("GET", "memory_list", None, 403, s200=(*CHAIN_WIDE, "other_office"))
row("GET", "memory_add", None, 403, s200=("office", "other_office"))
row("GET", "memory_import", None, 403, s200=("office", "other_office"))
PAIR = {"text": "太阳能薄片", "uscc": "{supply_uscc}", "line": "{supply_key}"}
row("POST", "memory_add", None, 403, form=PAIR, s303=("office",), s422=("other_office",))
PASTED = {"rows": "需求,统一社会信用代码,条目编号\n太阳能薄片,{supply_uscc},{supply_key}"}
row("POST", "memory_import", None, 403, form=PASTED, s200=("office", "other_office"))
row(
    *("POST", "memory_revoke", "confirmation", 404),
    form={"reason": "not the same product"},
    s303=("office",),
    s403=("department", "head"),
)
row("GET", "run_list", None, 403, s200=SEES_RUNS)
row("GET", "run_start", None, 403, form={"round": "{round}"}, s200=("office",), s404=HIDDEN_ROUND)
row(
    *("POST", "run_start", None, 403),
    form={"round": "{round}"},
    s303=("office",),
    s404=HIDDEN_ROUND,
)
for name in ("run_detail", "run_progress", "run_near_misses", "run_gaps", "run_matches"):
    row("GET", name, "run", 404, s200=CHAIN_WIDE)
for name in ("near_misses_export", "gaps_export", "matches_export", "decisions_export"):
    row("GET", name, "run", 404, s200=CHAIN_WIDE)
row("GET", "published_export", "list", 404, s200=CHAIN_WIDE)
row("GET", "run_what_if", "run", 404, form={"supply": "{run_supply}"}, s200=CHAIN_WIDE)
row("GET", "line_compared", "submitted_demand", 404, s200=CHAIN_WIDE)
row("POST", "run_cancel", "run", 404, s303=("office",), s403=("department", "head"))
row("GET", "run_publish", "run", 404, s200=("office",), s403=("department", "head"))
row("POST", "run_publish", "run", 404, s303=("office",), s403=("department", "head"))
row("GET", "published_list", None, 403, s200=SEES_RUNS)
row("GET", "published_detail", "list", 404, s200=CHAIN_WIDE)

row("GET", "policy_list", None, 403, s200=SEES_RUNS)
row("GET", "policy_detail", "policy", 404, s200=CHAIN_WIDE)
row("GET", "policy_create", "chain", 403, s200=("office",))
row("POST", "policy_create", "chain", 403, form=factories.rules_form(), s303=("office",))
row("GET", "policy_restore", "policy", 404, s200=("office",), s403=("department", "head"))
row("POST", "policy_restore", "policy", 404, s303=("office",), s403=("department", "head"))
row("GET", "proposal_detail", "proposal", 404, s200=CHAIN_WIDE)
row(
    *("POST", "proposal_decide", "proposal", 404),
    form={"action": "adopt"},
    s303=("office",),
    s403=("department", "head"),
)

row(
    *("POST", "match_review", "match", 404),
    form={"action": "shortlist"},
    s303=("office",),
    s403=("department", "head"),
)
row(
    *("POST", "matches_review", "run", 404),
    form={"action": "shortlist", "match": "{match}"},
    s303=("office",),
    s403=("department", "head"),
)
row(
    "GET",
    "matches_chosen",
    "run",
    404,
    form={"which": "evident"},
    s200=("office",),
    s403=("department", "head"),
)
row("GET", "matches_compare", "run", 404, form={"match": "{match}"}, s303=CHAIN_WIDE)
row("GET", "my_matches", None, 403, s200=FIRMS)
row("GET", "review_detail", "review", 404, s200=(*CHAIN_WIDE, *PARTIES))
row(
    *("POST", "review_decide", "review", 404),
    form={"action": "leader_accept"},
    s303=BUYER,
    s403=(*CHAIN_WIDE, *SELLER),
)

row("GET", "meeting_list", None, 200)
row("GET", "meeting_detail", "meeting", 404, s200=(*CHAIN_WIDE, *PARTIES))
row("POST", "meeting_act", "meeting", 404, form={"action": "hold"}, s303=CHAIN_WIDE, s403=PARTIES)
row("POST", "meeting_propose", "chain", 403, s303=("office", "department"))
INVITED = (*CHAIN_WIDE, *BUYER)
NO_PEOPLE = {"people-TOTAL_FORMS": "0", "people-INITIAL_FORMS": "0"}
row("GET", "invitation_list", None, 200)
row("GET", "invitation_detail", "invitation", 404, s200=INVITED)
row(
    *("POST", "invitation_detail", "invitation", 404),
    form={"action": "accept", **NO_PEOPLE},
    s303=("office", "department", *BUYER),
    s403=("head",),
)
row(
    *("POST", "invitation_remind", "invitation", 404),
    s303=("office", "department"),
    s403=("head", *BUYER),
)
row("GET", "invitation_agenda", "invitation", 404, s200=INVITED)
row("GET", "invitation_calendar", "invitation", 404, s200=INVITED)
row("GET", "calendar_address", None, 200)
row("POST", "calendar_address", None, 201, form={"action": "make"})
row("GET", "calendar_feed", "no-such-address", 404, public=True)
row("GET", "invitation_answer", "invitation_link", 200, public=True)
row(
    *("POST", "invitation_answer", "invitation_link", 303),
    form={"action": "decline", **NO_PEOPLE},
    public=True,
)
row("GET", "invitation_answered", None, 200, public=True)
row("GET", "answer_list", "meeting", 404, s200=CHAIN_WIDE, s403=PARTIES)
row("POST", "invited_remind", "meeting", 404, s303=("office", "department"), s403=("head", *PARTIES))
row(
    *("POST", "guest_invite", "meeting", 404),
    form={"organisation": "{guest}"},
    s303=("office", "department"),
    s403=("head", *PARTIES),
)
row("GET", "table_cards", "meeting", 404, s200=CHAIN_WIDE, s403=PARTIES)
row("GET", "appointment_list", None, 403, s200=FIRMS)
row("GET", "floor_board", "meeting", 404, s200=(*CHAIN_WIDE, *PARTIES))
row("GET", "floor_wall", "meeting", 404, s200=CHAIN_WIDE, s403=PARTIES)
row("GET", "floor_desk", "meeting", 404, s200=("office", "department"), s403=("head", *PARTIES))
row(
    *("POST", "floor_arrive", "meeting", 404),
    form={"organisation": "{organisation}", "act": "check_in"},
    s303=("office", "department", *BUYER),
)
row("GET", "floor_replan", "meeting", 404, s200=("office", "department"), s403=("head", *PARTIES))
row(
    *("POST", "floor_replan", "meeting", 404),
    form={"organisation": "", "shut": "1", "longer": "0"},
    s409=("office", "department"),
    s403=("head", *PARTIES),
)
row("GET", "floor_walk_ins", "meeting", 404, s200=("office", "department"), s403=("head", *PARTIES))
row(
    *("POST", "floor_walk_ins", "meeting", 404),
    form={"review": "{accepted}"},
    s303=("office", "department"),
    s403=("head", *PARTIES),
)
row("GET", "floor_pass", "meeting", 404, s200=PARTIES)
row("GET", "floor_card", "pass", 404, s200=("office", "department", *BUYER))
row("POST", "floor_card", "pass", 404, s303=("office", "department", *BUYER))
row("GET", "floor_picture", "pass", 404, s200=("office", "department", *BUYER))
row(
    *("POST", "sitting_step", "appointment", 404),
    form={"action": "begin"},
    s303=("office", "department"),
    s403=("head", *PARTIES),
)
row("GET", "appointment_move", "appointment", 404, s200=("office", "department"), s403=("head", *PARTIES))
row("POST", "appointment_pin", "appointment", 404, s303=("office", "department"), s403=("head", *PARTIES))
row("GET", "draft_new", "meeting", 404, s200=("office", "department"), s403=("head", *PARTIES))
row(
    *("POST", "draft_new", "meeting", 404),
    form={
        **{"venue": "{venue}", "date": "2040-06-01", "starts": "09:00"},
        **{"slot_minutes": "30", "slots": "6", "gap": "0"},
    },
    s303=("office", "department"),
    s403=("head", *PARTIES),
)
row("GET", "draft_detail", "draft", 404, s200=CHAIN_WIDE)
row("GET", "draft_progress", "draft", 404, s200=CHAIN_WIDE)
row(
    *("POST", "draft_act", "draft", 404),
    form={"action": "recompute"},
    s303=("office", "department"),
    s403=("head",),
)
row("GET", "availability", None, 403, s200=FIRMS)
row("POST", "availability", None, 403, form={"about": "presence", "languages": "zh"}, s303=FIRMS)
row("POST", "absence_delete", "absence", 404, s303=BUYER)
row(
    *("POST", "appointment_move", "appointment", 404),
    form={"table": "2", "slot": "0"},
    s303=("office", "department"),
    s403=("head", *PARTIES),
)
row("GET", "rule_list", None, 403, s200=("office", "department", "other_office"))
row("GET", "meeting_papers", "meeting", 404, s200=(*CHAIN_WIDE, *PARTIES))
row(
    *("POST", "meeting_papers", "meeting", 404),
    form={"issuer": "示例省光伏产业链链长办公室", "language": "zh-hans"},
    s303=("office", "department"),
    s403=("head", *PARTIES),
)
row(
    *("GET", "own_paper", "meeting", 404),
    form={"wanted": "agenda.pdf"},
    s200=PARTIES,
    s403=CHAIN_WIDE,
)
row("GET", "meeting_summary", "meeting", 404, s200=CHAIN_WIDE)
row("GET", "chain_summary", None, 403, s200=(*CHAIN_WIDE, "other_office"))
for name in ("paper_progress", "paper_archive"):
    row("GET", name, "pack", 404, s200=CHAIN_WIDE)
row("GET", "paper_file", "pack", 404, form={"number": "0"}, s200=CHAIN_WIDE)
row("POST", "paper_again", "pack", 404, s303=("office", "department"), s403=("head",))
row("GET", "letter_template", "chain", 404, s200=CHAIN_WIDE)
row(
    *("POST", "letter_template", "chain", 404),
    form={"file": "LETTER"},
    s303=("office", "department"),
    s403=("head",),
)
row("GET", "letter_file", "chain", 404, s200=CHAIN_WIDE)
row("POST", "letter_drop", "chain", 404, s303=("office", "department"), s403=("head",))
row("GET", "rule_edit", "chain", 403, s200=("office", "department"))
RULE = {"venue": "{venue}", "cadence": "quarter", "minimum_pairs": "3", "lead_days": "10"}
HOURS = {"starts": "09:30", "slot_minutes": "45", "slots_a_day": "12", "is_active": "on"}
row("POST", "rule_edit", "chain", 403, form=RULE | HOURS, s303=("office", "department"))

row("GET", "disclosure_list", None, 403, s200=FIRMS)
row("GET", "disclosure_export", None, 403, s200=FIRMS)
row("GET", "api_access", None, 200)
row("POST", "token_create", None, 302, form={"name": "ERP", "days": "9", "scopes": "lines:read"})
row("POST", "token_revoke", "token", 404, s303=("leader",))
row("POST", "application_create", None, 422)
row("POST", "application_rotate", "application", 404, form={"overlap_days": "7"}, s302=("leader",))
row("POST", "application_revoke", "application", 404, s303=("leader",))

row("GET", "notice_list", None, 200)
row("POST", "notices_read", None, 303)
row("GET", "my_data", None, 200)
row("GET", "my_data_download", None, 200)
row("POST", "my_data_erase", None, 422, s403=ADMINISTRATORS)
row("GET", "notice_settings", None, 200)
row("POST", "notice_settings", None, 422)
row("GET", "notice_unsubscribe", "unsubscribe", 200, public=True)
row("POST", "notice_unsubscribe", "unsubscribe", 200, public=True)

row("GET", "webhook_list", None, 403, s200=(*OFFICES, *FIRMS))
row("GET", "webhook_create", None, 403, s200=(*OFFICES, *FIRMS))
row("POST", "webhook_create", None, 403, form={"url": "http://a"}, s422=(*OFFICES, *FIRMS))
row("GET", "webhook_detail", "webhook", 404, s200=BUYER)
row("GET", "webhook_edit", "webhook", 404, s200=BUYER)
row("POST", "webhook_edit", "webhook", 404, s422=BUYER)
row("POST", "webhook_act", "webhook", 404, form={"action": "pause"}, s303=BUYER)
row("POST", "webhook_rotate", "webhook", 404, s200=BUYER)
row("POST", "webhook_remove", "webhook", 404, s303=BUYER)
row("POST", "webhook_replay", "webhook", 404, form={"since": "2026-01-01T00:00"}, s303=BUYER)
row("POST", "delivery_replay", "delivery", 404, s303=BUYER)

RECORDERS = ("office", "department")
FOLLOWERS = (*CHAIN_WIDE, "other_office", *FIRMS)
row("GET", "progress_list", None, 403, s200=FOLLOWERS)
row("GET", "progress_export", None, 403, s200=FOLLOWERS)
row("GET", "progress_detail", "accepted", 404, s200=(*CHAIN_WIDE, *PARTIES))
row(
    *("POST", "progress_act", "accepted", 404),
    form={"action": "plan", "day": IN_A_MONTH},
    s303=(*RECORDERS, *PARTIES),
    s403=("head",),
)
row("GET", "agreement_create", "accepted", 404, s200=(*RECORDERS, *PARTIES), s403=("head",))
row("POST", "agreement_create", "accepted", 404, s422=(*RECORDERS, *PARTIES), s403=("head",))
row(
    *("POST", "agreement_act", "agreement", 404),
    form={"action": "confirm"},
    s303=(*RECORDERS, "member"),
    s403=("head", *BUYER),
)
row("GET", "agreement_correct", "agreement", 404, s200=(*RECORDERS, *PARTIES), s403=("head",))
row("POST", "agreement_correct", "agreement", 404, s422=(*RECORDERS, *PARTIES), s403=("head",))
row("POST", "agreement_file_add", "agreement", 404, s303=(*RECORDERS, *PARTIES), s403=("head",))
row("GET", "agreement_file", "agreement_file", 404, s200=(*CHAIN_WIDE, *PARTIES))
row("POST", "agreement_file_delete", "agreement_file", 404, s303=BUYER, s403=(*CHAIN_WIDE, "member"))
row("GET", "outcome_record", "appointment", 404, s200=(*RECORDERS, *PARTIES), s403=("head",))
row("POST", "outcome_record", "appointment", 404, s422=(*RECORDERS, *PARTIES), s403=("head",))
row("GET", "order_list", None, 403, s200=(*CHAIN_WIDE, "other_office"))
row("GET", "order_detail", "order", 404, s200=CHAIN_WIDE)
row(
    *("POST", "order_act", "order", 404),
    form={"action": "close"},
    s303=("office",),
    s403=("department", "head"),
)
row("GET", "follow_up_rule_list", None, 403, s200=(*RECORDERS, "other_office"))
row("GET", "follow_up_rule_edit", "chain", 403, s200=RECORDERS)
row("POST", "follow_up_rule_edit", "chain", 403, s422=RECORDERS)
