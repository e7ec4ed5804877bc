"""What an integrator does where a person uses a page: operations of the API, or why there is none."""

from __future__ import annotations

from typing import NamedTuple


class Only(NamedTuple):
    """For people alone, and why."""

    people: str


SCREEN = Only("A piece of a page or of a form; it shows nothing that its page's operations don't answer.")
PUBLIC = Only("A page to be read by people; it holds no data of the programme.")
BEFORE = Only("For firms that have no account yet; a confirmed mailbox and a form stand before the API.")
LETTER = Only("Where the link of a letter leads; with an account the settings do the same.")
SELF = Only("About the person in front of the page, to be taken along or erased; no program does it.")
PEOPLE = Only(
    "Sign-ins, locks and second factors of people: a program that could end them could lock people out."
)

SIDES = ("demand", "supply")
PAGES: dict[str, tuple[str, ...] | Only] = {
    "home": ("work_list", "round_list", "overview_list"),
    "method": PUBLIC,
    "design": PUBLIC,
    "favicon": PUBLIC,
    "robots": PUBLIC,
    "privacy": PUBLIC,
    "choose_language": ("me_change",),
    "statistics": ("statistics_list",),
    "chain_list": ("chain_list", "overview_list"),
    "chain_detail": ("chain_retrieve", "chain_tree"),
    "overview": ("figures_list",),
    "overview_wall": ("figures_list",),
    "overview_rows": ("demand_line_list", "supply_line_list", "gap_list", "run_match_list"),
    **dict.fromkeys(("join", "join_places", "join_sent", "join_confirm", "join_confirmed"), BEFORE),
    "join_correct": BEFORE,
    "join_queue": ("join_request_list", "join_request_retrieve"),
    "join_act": ("join_request_verify", "join_request_give_back"),
    "glossary_list": ("glossary_entry_list",),
    "glossary_create": ("glossary_entry_create",),
    "glossary_edit": ("glossary_entry_update", "glossary_entry_partial_update", "glossary_entry_destroy"),
    "attachment_add": ("line_attachment_create", "line_attachment_list"),
    "attachment_delete": ("attachment_destroy",),
    "attachment_download": ("attachment_file",),
    "node_options": ("chain_nodes",),
    "row_blank": SCREEN,
    "understood": ("requirement_text_parse",),
    "recognised": ("requirement_text_parse",),
    "recognised_add": SCREEN,
    "verification": ("demand_line_list", "demand_line_act_on_many", "supply_line_act_on_many"),
    "upload_list": ("upload_list",),
    "upload_detail": ("upload_retrieve", "upload_row_list"),
    "upload_progress": ("upload_retrieve",),
    "upload_marked": ("upload_marked",),
    "upload_apply": ("upload_apply",),
    "upload_again": ("upload_read_again",),
    "round_list": ("round_list",),
    "round_plan": ("round_create",),
    "round_act": ("round_open", "round_close"),
    "round_detail": ("round_retrieve", "round_submissions"),
    "round_remind": ("round_remind",),
    "round_extend": ("round_extend",),
    "memory_list": ("confirmation_list",),
    "memory_add": ("confirmation_create",),
    "memory_import": ("confirmation_bring",),
    "memory_revoke": ("confirmation_revoke",),
    **dict.fromkeys(("my_data", "my_data_download", "my_data_erase"), SELF),
    "audit_list": ("audit_entry_list",),
    "audit_csv": ("audit_entry_list",),
    "audit_entry": ("audit_entry_retrieve",),
    "api_access": ("token_list",),
    "token_create": ("token_create",),
    "token_revoke": ("token_destroy",),
    "application_create": ("application_create", "application_list"),
    "application_rotate": ("application_rotate",),
    "application_revoke": ("application_destroy",),
    "disclosure_list": ("disclosure_list",),
    "disclosure_export": ("disclosure_list",),
    "run_list": ("run_list",),
    "run_start": ("run_create",),
    "run_detail": ("run_retrieve",),
    "run_progress": ("run_retrieve",),
    "run_near_misses": ("near_miss_list", "near_miss_retrieve"),
    "run_gaps": ("gap_list", "gap_retrieve"),
    "run_matches": ("run_match_list",),
    "near_misses_export": ("near_miss_list",),
    "gaps_export": ("gap_export_list",),
    "matches_export": ("run_match_list",),
    "decisions_export": ("review_list",),
    "run_what_if": ("what_if_create",),
    "line_compared": ("demand_line_compared_list", "supply_line_compared_list"),
    "run_cancel": ("run_cancel",),
    "run_publish": ("run_preview", "run_publish"),
    "published_list": ("matching_list_list",),
    "published_detail": ("matching_list_retrieve", "matching_list_content"),
    "published_export": ("matching_list_export_list", "matching_list_releases_list"),
    "policy_list": ("policy_list", "policy_proposal_list"),
    "policy_detail": ("policy_retrieve", "policy_differences"),
    "policy_create": ("policy_create",),
    "policy_restore": ("policy_restore",),
    "proposal_detail": ("policy_proposal_retrieve",),
    "proposal_decide": ("policy_proposal_adopt", "policy_proposal_reject"),
    "match_review": ("match_shortlist", "match_reject", "match_reopen"),
    "matches_review": ("review_bulk",),
    "matches_chosen": ("run_match_list",),
    "matches_compare": ("match_retrieve",),
    "my_matches": ("my_match_list",),
    "review_detail": ("my_match_retrieve", "review_retrieve"),
    "review_decide": ("review_accept", "review_decline"),
    "meeting_list": ("meeting_list",),
    "meeting_detail": ("meeting_retrieve",),
    "meeting_act": ("meeting_approve", "meeting_decline", "meeting_cancel", "meeting_hold"),
    "meeting_propose": ("meeting_propose",),
    "appointment_list": ("appointment_list",),
    "appointment_move": ("appointment_move",),
    "rule_list": ("meeting_rule_list", "venue_list"),
    "rule_edit": ("meeting_rule_create", "meeting_rule_partial_update"),
    "access_table": ("access_list",),
    **dict.fromkeys(("session_list", "session_end", "person_list", "person_act", "system_settings"), PEOPLE),
    **dict.fromkeys(("problems", "problem"), PUBLIC),
    "webhook_list": ("webhook_list",),
    "webhook_create": ("webhook_create",),
    "webhook_detail": ("webhook_retrieve", "webhook_delivery_list", "webhook_delivery_retrieve"),
    "webhook_edit": ("webhook_partial_update",),
    "webhook_remove": ("webhook_destroy",),
    "webhook_act": ("webhook_pause", "webhook_resume", "webhook_test"),
    "webhook_rotate": ("webhook_rotate",),
    "webhook_replay": ("webhook_replay",),
    "delivery_replay": ("webhook_delivery_replay",),
    "notice_list": ("notice_list",),
    "notices_read": ("notice_read",),
    "notice_settings": ("notice_settings_list", "notice_settings_choose"),
    "notice_unsubscribe": LETTER,
}
for side in SIDES:
    PAGES |= {
        f"{side}_list": (f"{side}_line_list", f"{side}_line_completeness"),
        f"{side}_create": (f"{side}_line_create",),
        f"{side}_similar": (f"{side}_line_similar",),
        f"{side}_template": Only("An empty workbook for people to fill in; programs send lines."),
        f"{side}_export": (f"{side}_line_list",),
        f"{side}_bulk": (f"{side}_line_act_on_many",),
        f"{side}_detail": (f"{side}_line_retrieve", f"{side}_line_events"),
        f"{side}_edit": (f"{side}_line_update", f"{side}_line_partial_update"),
        f"{side}_quick": (f"{side}_line_partial_update",),
        f"{side}_row": (f"{side}_line_retrieve",),
        f"{side}_copy": (f"{side}_line_copy",),
        f"{side}_act": tuple(
            f"{side}_line_{step}"
            for step in ("submit", "verify", "give_back", "withdraw", "restore", "confirm")
        ),
        f"{side}_upload": ("upload_create",),
    }
