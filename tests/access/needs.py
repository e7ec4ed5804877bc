"""What every operation and every page needs: an object, an action, and which object of the story.

One line a route. ``visitor`` needs nothing, ``signed_in`` an account: lists answer everybody with what they
may see, and bulk operations with a result an item. Else ``object action``: any such object will do. With an
object of the story at the end, a role must reach that one:

- ``of``: who may not view it is told that there is none, then the action is asked; ``object/seen`` names the
  object that is viewed where it is another one;
- ``hid``: who may not do it is told that there is none;
- ``then``: who may do it nowhere is refused, else as ``hid``;
- ``in``: what is made lies there; only the action is asked.

``nothing`` is an address of something that does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass

API = """
GET /me/  account view
PATCH /me/  account edit
GET /organisations/  organisation view
GET /organisations/{organisation}/  organisation view of organisation
POST /organisations/  organisation create
PATCH /organisations/{organisation}/  organisation edit of organisation
PUT /organisations/{organisation}/grades/  organisation grade of organisation
GET /people/  person view
GET /people/{person}/  person view
POST /people/{person}/end/  person end
GET /memberships/  signed_in
GET /memberships/{membership}/  membership view hid membership
POST /memberships/{membership}/end/  membership end hid membership
GET /role-requests/  signed_in
POST /role-requests/  role_request create in role_request
GET /role-requests/{role_request}/  role_request view hid role_request
POST /role-requests/{role_request}/approve/  role_request approve of role_request
POST /role-requests/{role_request}/refuse/  role_request refuse of role_request
POST /role-requests/{role_request}/withdraw/  role_request withdraw of role_request
POST /role-requests/{role_request}/resend/  role_request resend of role_request
GET /audit-entries/  signed_in
GET /audit-entries/{audit_entry}/  audit view hid chain
GET /tokens/  token view
POST /tokens/  token create
DELETE /tokens/{token}/  token delete of token

GET /applications/  signed_in
POST /applications/  application create
GET /applications/{application}/  application view hid application
POST /applications/{application}/rotate/  application edit hid application
DELETE /applications/{application}/  application delete hid application
GET /disclosures/  signed_in

GET /changes/  signed_in
GET /webhooks/  signed_in
POST /webhooks/  webhook create
GET /webhooks/{webhook}/  webhook view hid webhook
PATCH /webhooks/{webhook}/  webhook edit hid webhook
DELETE /webhooks/{webhook}/  webhook delete hid webhook
POST /webhooks/{webhook}/rotate/  webhook edit hid webhook
POST /webhooks/{webhook}/pause/  webhook edit hid webhook
POST /webhooks/{webhook}/resume/  webhook edit hid webhook
POST /webhooks/{webhook}/test/  webhook edit hid webhook
POST /webhooks/{webhook}/replay/  webhook edit hid webhook
GET /webhooks/{webhook}/deliveries/  webhook view hid webhook
GET /webhooks/{webhook}/deliveries/{delivery}/  webhook view hid webhook
POST /webhooks/{webhook}/deliveries/{delivery}/replay/  webhook edit hid webhook

GET /chains/  reference view
GET /chains/{chain}/  reference view of chain
GET /chains/{chain}/nodes/  reference view of chain
GET /chains/{chain}/nodes/tree/  reference view of chain
GET /regions/  reference view
GET /regions/{region}/  reference view of chain
GET /kinds/  reference view
GET /kinds/{kind}/  reference view of chain
GET /glossary/  glossary view
GET /glossary/{entry}/  glossary view of chain
POST /glossary/  glossary create in chain
PUT /glossary/{entry}/  glossary edit of chain
PATCH /glossary/{entry}/  glossary edit of chain
DELETE /glossary/{entry}/  glossary delete of chain

GET /rounds/  signed_in
GET /rounds/{open_round}/  round view of open_round
POST /rounds/  round create in chain
POST /rounds/{planned_round}/open/  round open of planned_round
POST /rounds/{open_round}/close/  round close of open_round
GET /rounds/{open_round}/submissions/  round oversee of open_round
POST /rounds/{open_round}/remind/  round oversee of open_round
POST /rounds/{open_round}/extend/  round extend of open_round

GET /demand-lines/  signed_in
GET /demand-lines/{verified_demand}/  demand_line view of verified_demand
GET /demand-lines/{verified_demand}/events/  demand_line view of verified_demand
POST /demand-lines/  demand_line create
PUT /demand-lines/{verified_demand}/  demand_line edit of verified_demand
PATCH /demand-lines/{verified_demand}/  demand_line edit of verified_demand
POST /demand-lines/{draft_demand}/submit/  demand_line submit of draft_demand
POST /demand-lines/{submitted_demand}/verify/  demand_line verify of submitted_demand
POST /demand-lines/{submitted_demand}/return/  demand_line return of submitted_demand
POST /demand-lines/{verified_demand}/withdraw/  demand_line withdraw of verified_demand
POST /demand-lines/{withdrawn_demand}/restore/  demand_line restore of withdrawn_demand
POST /demand-lines/{verified_demand}/confirm/  demand_line confirm of verified_demand
PUT /demand-lists/{chain}/  demand_line create
POST /demand-lines/bulk/  demand_line create
POST /demand-lines/act/  signed_in
POST /demand-lines/similar/  demand_line similar
POST /demand-lines/{draft_demand}/copy/  demand_line create of draft_demand
GET /demand-lines/{draft_demand}/completeness/  demand_line view of draft_demand
GET /demand-lines/{run_demand}/compared/  result view of run

GET /supply-lines/  signed_in
GET /supply-lines/{verified_supply}/  supply_line view of verified_supply
GET /supply-lines/{verified_supply}/events/  supply_line view of verified_supply
POST /supply-lines/  supply_line create
PUT /supply-lines/{verified_supply}/  supply_line edit of verified_supply
PATCH /supply-lines/{verified_supply}/  supply_line edit of verified_supply
POST /supply-lines/{draft_supply}/submit/  supply_line submit of draft_supply
POST /supply-lines/{submitted_supply}/verify/  supply_line verify of submitted_supply
POST /supply-lines/{submitted_supply}/return/  supply_line return of submitted_supply
POST /supply-lines/{verified_supply}/withdraw/  supply_line withdraw of verified_supply
POST /supply-lines/{withdrawn_supply}/restore/  supply_line restore of withdrawn_supply
POST /supply-lines/{verified_supply}/confirm/  supply_line confirm of verified_supply
PUT /supply-lists/{chain}/  supply_line create
POST /supply-lines/bulk/  supply_line create
POST /supply-lines/act/  signed_in
POST /supply-lines/similar/  supply_line similar
POST /supply-lines/{draft_supply}/copy/  supply_line create of draft_supply
GET /supply-lines/{draft_supply}/completeness/  supply_line view of draft_supply
GET /supply-lines/{run_supply}/compared/  result view of run

GET /demand-lines/{verified_demand}/attachments/  attachment view of attachment
POST /demand-lines/{verified_demand}/attachments/  attachment attach of attachment
GET /attachments/  signed_in
GET /attachments/{attachment}/  attachment view of attachment
GET /attachments/{attachment}/file/  attachment view of attachment
DELETE /attachments/{attachment}/  attachment detach of attachment
POST /requirements/parse/  text view

GET /paper-packs/  signed_in
POST /paper-packs/  paper_pack create then meeting
GET /paper-packs/{pack}/  paper_pack view of pack
POST /paper-packs/{pack}/order-again/  paper_pack order_again of pack
GET /paper-packs/{pack}/archive/  paper_pack view of pack
GET /paper-packs/{pack}/files/{number}/  paper_pack view of pack
GET /letter-templates/  signed_in
GET /letter-templates/{chain}/  letter_template view hid chain
PUT /letter-templates/{chain}/  letter_template edit of chain
DELETE /letter-templates/{chain}/  letter_template delete of chain
GET /letter-templates/{chain}/file/  letter_template view hid chain
GET /summaries/  summary view
GET /summaries/rows/  summary view
GET /meetings/{meeting}/own-papers/{own_paper}/  own_paper view then meeting

GET /uploads/  signed_in
POST /uploads/  upload create
GET /uploads/{upload}/  upload view of upload
GET /uploads/{upload}/rows/  upload view of upload
GET /uploads/{upload}/marked/  upload view of upload
POST /uploads/{upload}/apply/  upload apply of upload
POST /uploads/{upload}/read-again/  upload read_again of upload

GET /confirmations/  signed_in
GET /confirmations/{confirmation}/  confirmation view of confirmation
POST /confirmations/  confirmation create
POST /confirmations/import/  confirmation create
POST /confirmations/{confirmation}/revoke/  confirmation revoke of confirmation

GET /runs/  signed_in
GET /runs/{run}/  run view of run
POST /runs/  run start
POST /runs/{run}/cancel/  run cancel of run
GET /runs/{run}/preview/  run view of run
POST /runs/{run}/publish/  run publish of run
GET /runs/{run}/matches/  result view of run
GET /runs/{run}/near-misses/  result view of run
GET /runs/{run}/near-misses/{miss}/  result view of run
POST /runs/{run}/what-if/  result secrets of run
GET /runs/{run}/gaps/  result view of run
GET /runs/{run}/gaps/{gap}/  result view of run
GET /runs/{run}/gaps/export/  result view of run
GET /matching-lists/  signed_in
GET /matching-lists/{list}/export/  matching_list view of run
GET /matching-lists/{list}/releases/  matching_list view of run
GET /matching-lists/{list}/  matching_list view of run
GET /matching-lists/{list}/content/  matching_list view of run
GET /policies/  signed_in
GET /policies/{policy}/  policy view of run
GET /policies/{policy}/differences/  policy view of run
POST /policies/  policy create in run
POST /policies/{policy}/restore/  policy restore of run
GET /policy-proposals/  signed_in
GET /policy-proposals/{proposal}/  proposal view of run
POST /policy-proposals/{proposal}/adopt/  proposal adopt of run
POST /policy-proposals/{proposal}/reject/  proposal reject of run

GET /matches/{match}/  result view of run
POST /matches/{match}/shortlist/  review/result shortlist of run
POST /matches/{match}/reject/  review/result reject of run
POST /matches/{match}/reopen/  review/result reopen of run
GET /reviews/  signed_in
GET /reviews/{review}/  review scores hid review
POST /reviews/bulk/  review shortlist
POST /reviews/{review}/accept/  review leader_accept|member_accept of review
POST /reviews/{review}/decline/  review leader_decline|member_decline of review
GET /my-matches/  signed_in
GET /my-matches/{review}/  review bands hid review

GET /meetings/  signed_in
GET /meetings/{meeting}/  meeting view of meeting
POST /meetings/propose/  meeting propose in chain
POST /meetings/{meeting}/approve/  meeting approve of meeting
POST /meetings/{meeting}/endorse/  meeting endorse of meeting
POST /meetings/{meeting}/confirm/  meeting confirm of meeting
POST /meetings/{meeting}/return/  meeting return of meeting
POST /meetings/{meeting}/decline/  meeting decline of meeting
GET /plan-drafts/  signed_in
GET /plan-drafts/{draft}/  plan_draft view hid meeting
POST /plan-drafts/  plan_draft create then meeting
POST /plan-drafts/{draft}/apply/  plan_draft apply of meeting
POST /plan-drafts/{draft}/recompute/  plan_draft recompute of meeting
GET /absences/  signed_in
GET /absences/{absence}/  availability view hid absence
POST /absences/  availability create
DELETE /absences/{absence}/  availability delete hid absence
GET /presences/  signed_in
GET /presences/{presence}/  availability view hid absence
POST /presences/  availability create
PATCH /presences/{presence}/  availability edit hid absence
POST /meetings/{meeting}/cancel/  meeting cancel of meeting
POST /meetings/{meeting}/hold/  meeting hold of meeting
GET /invitations/  signed_in
GET /invitations/{invitation}/  invitation view of invitation
POST /invitations/  invitation create
POST /invitations/{invitation}/accept/  invitation accept of invitation
POST /invitations/{invitation}/decline/  invitation decline of invitation
POST /invitations/{invitation}/wait/  invitation wait of invitation
POST /invitations/{invitation}/remind/  invitation remind of invitation
GET /invitations/{invitation}/calendar/  invitation view of invitation
GET /calendars/  calendar view
POST /calendars/  calendar create
DELETE /calendars/{calendar}/  calendar delete of calendar
GET /invitations/{invitation}/agenda/  invitation view of invitation
GET /appointments/  signed_in
GET /appointments/{appointment}/  appointment view of meeting
POST /appointments/{appointment}/move/  appointment move of meeting
GET /accepted-pairs/  signed_in
GET /accepted-pairs/export/  signed_in
GET /accepted-pairs/{accepted}/  review view of accepted
POST /appointments/{appointment}/pin/  appointment pin of meeting
GET /agreements/  signed_in
GET /agreements/export/  signed_in
GET /agreements/releases/  signed_in
GET /agreements/{agreement}/  agreement view of agreement
POST /agreements/  agreement/review create of accepted
POST /agreements/{agreement}/confirm/  agreement confirm of agreement
POST /agreements/{agreement}/dispute/  agreement dispute of agreement
POST /agreements/{agreement}/correct/  agreement correct of agreement
POST /agreements/{own_agreement}/withdraw/  agreement withdraw of own_agreement
POST /agreements/{agreement}/annul/  agreement annul of agreement
POST /agreements/{agreement}/attachments/  agreement create of accepted
GET /agreement-attachments/  signed_in
GET /agreement-attachments/{agreement_file}/  agreement view of accepted
GET /agreement-attachments/{agreement_file}/file/  agreement view of accepted
DELETE /agreement-attachments/{agreement_file}/  agreement withdraw of own_agreement
GET /meeting-days/{meeting}/  floor view of meeting
POST /meeting-days/{meeting}/check-in/  floor check_in hid arrival
POST /meeting-days/{meeting}/undo-check-in/  floor undo_check_in hid arrival
POST /meeting-days/{meeting}/late/  floor be_late hid arrival
POST /meeting-days/{meeting}/replan/  plan_draft/meeting create of meeting
POST /meeting-days/{meeting}/walk-in/  floor walk_in of meeting
GET /meeting-days/{meeting}/walk-ins/  floor walk_in of meeting
GET /arrivals/  signed_in
GET /arrivals/{arrival}/  floor view of arrival
GET /sittings/  signed_in
GET /sittings/{sitting}/  floor view of meeting
POST /sittings/{sitting}/begin/  floor begin of meeting
POST /sittings/{sitting}/miss/  floor miss of meeting
POST /sittings/{sitting}/finish/  floor finish of meeting
POST /sittings/{sitting}/undo/  floor undo of meeting
GET /outcomes/  signed_in
GET /outcomes/{outcome}/  progress view of accepted
GET /progress/  signed_in
GET /progress/{accepted}/  progress view of accepted
POST /progress/{accepted}/plan/  progress plan of accepted
POST /progress/{accepted}/deliver/  progress deliver of accepted
POST /progress/{accepted}/break-off/  progress break_off of accepted
GET /supervision-orders/  signed_in
GET /supervision-orders/{order}/  supervision_order view of chain
POST /supervision-orders/{order}/answer/  supervision_order answer of chain
POST /supervision-orders/{order}/return/  supervision_order return of chain
POST /supervision-orders/{order}/close/  supervision_order close of chain
GET /follow-up-rules/  signed_in
GET /follow-up-rules/{chain}/  follow_up_rule view hid chain
PUT /follow-up-rules/{chain}/  follow_up_rule edit of chain
POST /outcomes/  progress/appointment record of accepted
GET /venues/  venue view
POST /venues/  venue create
PATCH /venues/{venue}/  venue edit
GET /venues/{venue}/  venue view of chain
GET /meeting-rules/  signed_in
POST /meeting-rules/  meeting_rule create in chain
GET /meeting-rules/{rule}/  meeting_rule view of run
PUT /meeting-rules/{rule}/  meeting_rule edit of run
PATCH /meeting-rules/{rule}/  meeting_rule edit of run

GET /notices/  notice view
POST /notices/read/  notice edit
GET /overview/  work view
GET /work/  work view
GET /statistics/  signed_in
GET /figures/  overview view
GET /notice-settings/  notice_preference view
POST /notice-settings/choose/  notice_preference edit
GET /join-requests/  join_request view
GET /join-requests/{join_request}/  join_request view then join_request
POST /join-requests/{join_request}/verify/  join_request verify then join_request
POST /join-requests/{join_request}/return/  join_request return then join_request
GET /access/  access_table view
"""
PAGES = """
GET home  visitor
GET method  visitor
GET api_guide  visitor
POST choose_language  visitor
GET api_access  signed_in
GET problems  visitor
GET problem  visitor
GET my_data  account view
GET my_data_download  account view
POST my_data_erase  account delete
GET session_list  account view
POST session_end  account edit
GET colleague_list  colleague view
POST colleague_invite  colleague view then role_request
POST colleague_end  colleague view then membership
GET person_list  person view
GET person_detail  person view
POST role_end  person view
GET role_request_list  person view
GET role_request_create  person end
POST role_request_create  person end
POST role_request_act  role_request approve of role_request
GET organisation_list  person view
GET organisation_detail  person view
GET organisation_create  organisation create
POST organisation_create  organisation create
GET organisation_edit  organisation edit
POST organisation_edit  organisation edit
GET grade_list  organisation grade
GET grade_edit  organisation grade of organisation
POST grade_edit  organisation grade of organisation
GET role_accept  role_request accept
POST role_accept  role_request accept
POST person_act  sign_in edit
GET system_settings  installation view
GET webhook_list  webhook view
GET webhook_create  webhook create
POST webhook_create  webhook create
GET webhook_detail  webhook view hid webhook
GET webhook_edit  webhook edit hid webhook
POST webhook_edit  webhook edit hid webhook
POST webhook_act  webhook edit hid webhook
POST webhook_rotate  webhook edit hid webhook
POST webhook_remove  webhook delete hid webhook
POST webhook_replay  webhook edit hid webhook
POST delivery_replay  webhook edit hid webhook
GET audit_list  audit view
GET audit_csv  audit view
GET audit_entry  audit view
POST token_create  token create
POST token_revoke  token delete hid token
POST application_create  signed_in
POST application_rotate  application edit hid application
POST application_revoke  application delete hid application
GET disclosure_list  disclosure view
GET disclosure_export  disclosure view
GET chain_list  reference view
GET chain_detail  reference view of chain
GET favicon  visitor
GET robots  visitor
GET statistics  statistics view
GET access_table  access_table view
GET design  visitor
GET overview  overview view
GET overview_rows  overview view
GET overview_wall  overview view
GET join  join_request create
POST join  join_request create
GET join_places  join_request create
GET join_sent  join_request create
GET join_confirmed  join_request create
GET privacy  visitor
GET join_confirm  nothing
POST join_confirm  nothing
GET join_correct  nothing
POST join_correct  nothing
GET join_queue  join_request view
POST join_act  join_request verify of join_request
GET glossary_list  glossary view
GET glossary_create  glossary create
POST glossary_create  glossary create
GET glossary_edit  glossary edit of chain
POST glossary_edit  glossary edit of chain

GET demand_list  demand_line view
GET demand_export  demand_line view
GET demand_template  demand_line view
GET demand_create  demand_line create
POST demand_create  demand_line create
POST demand_bulk  demand_line submit
GET demand_detail  demand_line view of submitted_demand
GET demand_edit  demand_line edit of submitted_demand
POST demand_edit  demand_line edit of submitted_demand
POST demand_act  demand_line verify of submitted_demand
GET demand_quick  demand_line edit of submitted_demand
GET demand_row  demand_line edit of submitted_demand
POST demand_quick  demand_line edit of submitted_demand
POST demand_copy  demand_line edit of submitted_demand
POST demand_similar  demand_line similar
GET supply_list  supply_line view
GET supply_export  supply_line view
GET supply_template  supply_line view
GET supply_create  supply_line create
POST supply_create  supply_line create
POST supply_bulk  supply_line withdraw
GET supply_detail  supply_line view of submitted_supply
GET supply_edit  supply_line edit of submitted_supply
POST supply_edit  supply_line edit of submitted_supply
POST supply_act  supply_line withdraw of submitted_supply
GET supply_quick  supply_line edit of submitted_supply
GET supply_row  supply_line edit of submitted_supply
POST supply_quick  supply_line edit of submitted_supply
POST supply_copy  supply_line edit of submitted_supply
POST supply_similar  supply_line similar
POST attachment_add  attachment attach of attachment
POST attachment_delete  attachment detach of attachment
GET attachment_download  attachment view of attachment
GET node_options  reference view
GET row_blank  text view
GET understood  text view
POST recognised  text view
POST recognised_add  text view
GET verification  demand_line verify
POST verification  demand_line verify

GET upload_list  upload view
GET demand_upload  demand_line create
GET supply_upload  supply_line create
POST demand_upload  demand_line create
POST supply_upload  supply_line create
GET upload_detail  upload view of upload
GET upload_progress  upload view of upload
GET upload_marked  upload view of upload
POST upload_apply  upload apply of upload
POST upload_again  upload read_again of upload

GET round_list  signed_in
GET round_plan  round create
POST round_plan  round create
POST round_act  round close of open_round
GET round_detail  round oversee of open_round
POST round_remind  round oversee of open_round
POST round_extend  round extend of open_round
GET memory_list  confirmation view
GET memory_add  confirmation create
POST memory_add  confirmation create
GET memory_import  confirmation create
POST memory_import  confirmation create
POST memory_revoke  confirmation revoke of confirmation
GET run_list  run view
GET run_start  run/round start of open_round
POST run_start  run/round start of open_round
GET run_detail  run view of run
GET run_progress  run view of run
GET run_near_misses  result view of run
GET run_gaps  result view of run
GET run_matches  result view of run
GET near_misses_export  result view of run
GET gaps_export  result view of run
GET matches_export  result view of run
GET decisions_export  review scores hid run
GET published_export  matching_list view of run
GET run_what_if  run ask of run
GET line_compared  result view of run
POST run_cancel  run cancel of run
GET run_publish  run publish of run
POST run_publish  run publish of run
GET published_list  matching_list view
GET published_detail  matching_list view of run
GET policy_list  policy view
GET policy_detail  policy view of run
GET policy_create  policy create in chain
POST policy_create  policy create in chain
GET policy_restore  policy restore of run
POST policy_restore  policy restore of run
GET proposal_detail  proposal view of run
POST proposal_decide  proposal adopt of run

POST match_review  review/result shortlist of run
POST matches_review  review/result shortlist of run
GET matches_chosen  review/result shortlist of run
GET matches_compare  result view of run
GET my_matches  review bands
GET review_detail  review view of review
POST review_decide  review leader_accept of review
GET meeting_list  signed_in
GET meeting_detail  meeting view of meeting
POST meeting_act  meeting hold of meeting
POST meeting_propose  meeting propose in chain
GET invitation_list  signed_in
GET invitation_detail  invitation view of invitation
POST invitation_detail  invitation accept of invitation
POST invitation_remind  invitation remind of invitation
GET invitation_agenda  invitation view of invitation
GET invitation_calendar  invitation view of invitation
GET calendar_address  calendar view
POST calendar_address  calendar create
GET calendar_feed  nothing
GET invitation_answer  visitor
POST invitation_answer  visitor
GET invitation_answered  visitor
GET answer_list  invitation/meeting oversee of meeting
POST invited_remind  invitation/meeting remind of meeting
POST guest_invite  invitation/meeting create of meeting
GET table_cards  invitation/meeting oversee of meeting
GET floor_board  floor view of meeting
GET floor_wall  floor/meeting whole of meeting
GET floor_desk  floor/meeting undo_check_in of meeting
POST floor_arrive  floor check_in hid arrival
GET floor_replan  plan_draft/meeting create of meeting
POST floor_replan  plan_draft/meeting create of meeting
GET floor_walk_ins  floor/meeting walk_in of meeting
POST floor_walk_ins  floor/meeting walk_in of meeting
GET floor_pass  appointment own hid meeting
GET floor_card  floor check_in hid arrival
POST floor_card  floor check_in hid arrival
GET floor_picture  floor check_in hid arrival
POST sitting_step  floor begin of meeting
GET appointment_list  appointment own
GET appointment_move  appointment move of meeting
POST appointment_pin  appointment pin of meeting
GET draft_new  plan_draft/meeting create of meeting
POST draft_new  plan_draft/meeting create of meeting
GET draft_detail  plan_draft view hid meeting
GET draft_progress  plan_draft view hid meeting
POST draft_act  plan_draft recompute of meeting
GET availability  availability view
POST availability  availability create
POST absence_delete  availability delete hid absence
GET meeting_papers  meeting view of meeting
POST meeting_papers  paper_pack/meeting create of meeting
GET own_paper  own_paper/meeting view of meeting
GET meeting_summary  summary view hid meeting
GET chain_summary  summary view
GET paper_progress  paper_pack view of pack
POST paper_again  paper_pack order_again of pack
GET paper_archive  paper_pack view of pack
GET paper_file  paper_pack view of pack
GET letter_template  letter_template view hid chain
POST letter_template  letter_template edit of chain
GET letter_file  letter_template view hid chain
POST letter_drop  letter_template delete of chain
POST appointment_move  appointment move of meeting
GET rule_list  meeting_rule edit
GET rule_edit  meeting_rule edit in chain
POST rule_edit  meeting_rule edit in chain

GET notice_list  notice view
POST notices_read  notice edit
GET notice_settings  notice_preference view
POST notice_settings  notice_preference edit
GET notice_unsubscribe  visitor
POST notice_unsubscribe  visitor
GET progress_list  progress view
GET progress_export  progress view
GET progress_detail  progress view of accepted
POST progress_act  progress plan of accepted
GET agreement_create  agreement/progress create of accepted
POST agreement_create  agreement/progress create of accepted
POST agreement_act  agreement confirm of agreement
GET agreement_correct  agreement correct of agreement
POST agreement_correct  agreement correct of agreement
POST agreement_file_add  agreement create of accepted
GET agreement_file  agreement view of accepted
POST agreement_file_delete  agreement withdraw of own_agreement
GET outcome_record  progress/appointment record of accepted
POST outcome_record  progress/appointment record of accepted
GET order_list  supervision_order view
GET order_detail  supervision_order view of chain
POST order_act  supervision_order close of chain
GET follow_up_rule_list  follow_up_rule edit
GET follow_up_rule_edit  follow_up_rule edit in chain
POST follow_up_rule_edit  follow_up_rule edit in chain
"""


@dataclass(frozen=True)
class Need:
    """One line; ``actions`` are alternatives, ``mode`` is ``of``, ``hid``, ``then``, ``in`` or empty."""

    object: str
    seen: str
    actions: tuple[str, ...] = ()
    mode: str = ""
    target: str = ""


def read(text: str) -> dict[tuple[str, str], Need]:
    """The lines by method and route."""
    found: dict[tuple[str, str], Need] = {}
    for line in filter(None, text.splitlines()):
        method, route, name, *rest = line.split()
        assert (method, route) not in found, line
        name, _, seen = name.partition("/")
        actions = tuple(rest[0].split("|")) if rest else ()
        found[method, route] = Need(name, seen or name, actions, *rest[1:])
    return found
