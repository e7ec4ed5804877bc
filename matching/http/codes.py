"""Every problem code with what it means and what to do; the page of a code shows both languages."""

from __future__ import annotations

from functools import lru_cache

from django.utils import translation
from django.utils.translation import gettext_lazy as _

LANGUAGES = {"zh": "zh-hans", "en": "en"}

REQUESTS = {
    "parse_error": _("The body is not what its Content-Type says, or can't be stored. Mend the body."),
    "unsupported_media_type": _(
        "This Content-Type is not read here. The operation's description names those that are."
    ),
    "not_acceptable": _(
        "The answer can't be given in the form that Accept asks for. Ask for application/json."
    ),
    "method_not_allowed": _("The address has no such method. The description names those that it has."),
    "too_many_rows": _("The request has more rows than one request may have. Send it in parts."),
    "length_required": _("The body has no length. Send Content-Length."),
    "too_large": _("The body or file is larger than allowed. Send it in parts."),
    "harmful": _("The scanner for harmful content refuses the file. It was not stored."),
    "unknown_parameter": _(
        "The address has a parameter that this operation does not offer. It is never ignored, so that a "
        "mistyped filter can't show everything."
    ),
    "unknown_field": _(
        "The parameter fields names a field that is not offered. Leave it out, or mend its name."
    ),
    "invalid_cursor": _(
        "The cursor is damaged, or was made for another person, list, filter or order. Begin with the first "
        "page."
    ),
    "invalid_idempotency_key": _("The header Idempotency-Key must be 1 to 255 visible ASCII characters."),
    "idempotency_key_reused": _(
        "The key was used for another request. Make a new key for each request, and repeat a key only with "
        "the same request."
    ),
    "request_in_progress": _(
        "A request with the same key is still under way. Send it again after the seconds in Retry-After."
    ),
    "standing_changed": _(
        "Your roles have changed since the answer to this key was kept, so it is not shown again. Read the "
        "object."
    ),
    "precondition_failed": _(
        "The object has changed since you read it: its ETag is another one. Read it again, decide again, "
        "and send the new ETag."
    ),
    "precondition_required": _(
        "This service writes only with If-Match. Send the ETag of the object as you read it."
    ),
    "no_etag": _("The address has no single object whose ETag could be compared. Leave If-Match out."),
    "weak_etag": _(
        "If-Match has no ETag that can be compared. Send it as it was read, in quotation marks; a proxy that "
        "compresses answers puts W/ before it, which has to be taken away."
    ),
    "throttled": _(
        "More requests came than this credential or address may send. Wait the seconds in Retry-After; the "
        "header RateLimit tells what is left."
    ),
    "error": _(
        "Something went wrong on our side. Nothing was changed. Tell your operator the X-Request-ID of the "
        "answer."
    ),
    "conflict": _("The state of the object does not allow this now. Read it again."),
    "not_found": _(
        "The address leads to nothing that you may see. An object of somebody else and an absent one answer "
        "alike."
    ),
}
WHO = {
    "not_your_organisation": _("You do not act for this organisation."),
    "not_authenticated": _("Nobody is signed in. Send a token in the header Authorization."),
    "authentication_failed": _("The token is unknown, has expired, or was revoked. Make a new one."),
    "permission_denied": _("Your role does not allow this."),
    "not_your_chain": _("Only an office of this chain may do this."),
    "not_your_firm": _("You do not act for this firm."),
    "not_your_line": _("The line belongs to another firm."),
    "not_your_review": _("Only the two firms of the pair answer, each for itself."),
    "not_your_agreement": _("Your role does not take this step of the agreement."),
    "not_your_invitation": _("Only the invited organisation answers, or the office that was told."),
    "not_your_order": _("Only the chain's lead department answers, only its office closes."),
    "not_your_meeting": _("Only offices of the meeting's chain decide about it."),
    "not_office": _("Only offices may do this."),
    "wrong_kind_of_firm": _("Leader firms write demand lines, member firms write supply lines."),
    "invalid_token": _("The token is unknown or was revoked. Make a new one."),
    "token_expired": _("The token's time is over. Make a new one, or ask /oauth/token for another."),
    "insufficient_scope": _(
        "The token's scopes leave this operation out, whatever its person may do. WWW-Authenticate names the "
        "scope that is needed."
    ),
    "reauthentication_required": _(
        "A browser's session makes credentials only minutes after its person has signed in anew. Use the "
        "page, or a token that may make credentials."
    ),
    "too_many_credentials": _("There are as many tokens or applications as there may be. Revoke one first."),
}
VALUES = {
    "required": _("The field is missing."),
    "null": _("The field may not be null."),
    "blank": _("The field may not be empty."),
    "empty": _("The list may not be empty."),
    "invalid": _("The value is not one that this field can have; the detail says what it expects."),
    "invalid_number": _("A number is expected here, with a point before its decimals."),
    "invalid_date": _("A date or time is expected here, written as in the description: 2026-11-22."),
    "invalid_boolean": _("true or false is expected here."),
    "invalid_id": _("An id is expected here, which is a UUID."),
    "invalid_attribute": _("The kind's own field has a value that it does not take; the detail says why."),
    "item_invalid": _("An entry of the list has a value that it can't have; the detail says which."),
    "duplicate": _("The same number occurs twice in the request. Send each once."),
    "ends_before_begin": _("The upper end is below the lower one."),
    "day_passed": _("The day has passed. Send a later one."),
    "invalid_choice": _("The value is none of the choices that the description lists."),
    "not_a_list": _("A list is expected here."),
    "not_a_dict": _("An object is expected here."),
    "incorrect_type": _("The value is of another JSON type than this field."),
    "does_not_exist": _("The value names something that does not exist, or that you may not see."),
    "unique": _("Another object has this value already."),
    "max_length": _("The text or list is longer than allowed."),
    "min_length": _("The text or list is shorter than allowed."),
    "max_value": _("The number is greater than allowed."),
    "min_value": _("The number is smaller than allowed."),
    "max_digits": _("The number has too many digits."),
    "max_decimal_places": _("The number has too many digits after the point."),
    "max_whole_digits": _("The number has too many digits before the point."),
    "max_string_length": _("The number is written too long."),
    "overflow": _("The date or number is beyond what can be stored."),
    "date": _("A date is expected here, not a time."),
    "datetime": _("A time is expected here, not a date."),
    "no_name": _("The file has no name."),
    "null_characters_not_allowed": _("The text has a NUL character."),
    "surrogate_characters_not_allowed": _("The text has half of a surrogate pair."),
    "uscc_length": _("A unified social credit code has 18 characters."),
    "uscc_format": _("The unified social credit code has a character that does not occur in one."),
    "uscc_checksum": _("The unified social credit code has a wrong check character: a digit is mistyped."),
    "address_taken": _("The e-mail address belongs to somebody else."),
    "firm_registered": _("The firm is registered already."),
    "break": _("A break is written as its begin and its end, 12:00-13:30."),
    "bad_template": _("The letter's template has a fault; the detail says what and where. Mend the file."),
    "product": _("The offer's name can't be remembered for this line."),
}
STATES = {
    "asked_already": _("The same role was asked for already, for the same person."),
    "held_already": _("The person has this role already."),
    "incompatible_roles": _("One person can't hold these roles together."),
    "own_request": _("Somebody else has to approve what you have asked for."),
    "own_role": _("Nobody ends a role of one's own; somebody else does."),
    "own_account": _("Administrators do this with each other's accounts, never with their own."),
    "last_administrator": _("Nobody else has this administrator's role. Give it to somebody first."),
    "account_off": _("The account is switched off. The security administrator switches it on first."),
    "not_for_you": _("The invitation is for another account."),
    "not_an_office": _("Only offices and administrators sign in through the offices' service."),
    "subject_taken": _("The subject is bound to another account."),
    "cursor_gone": _(
        "Your rights have changed since the cursor was made, or the service was restored from a backup. Read "
        "the changes anew, without since."
    ),
    "switched_off": _("The webhook is switched off. Resume it first."),
    "too_many_webhooks": _("The organisation has as many webhooks as it may have. Remove one first."),
    "taken": _("Somebody else was faster. Read the object again."),
    "illegal_transition": _(
        "The state does not allow this action. The field actions of the object lists those that it allows."
    ),
    "key_taken": _("The firm has a line with this number already."),
    "changed_meanwhile": _("Somebody changed it while you were working on it. Read it again."),
    "decided_meanwhile": _("Somebody decided about it meanwhile. Read it again."),
    "line_changed": _("The line was changed since it was compared."),
    "line_not_valid": _("The line is not valid any more: it was withdrawn or has expired."),
    "deleted": _("It was deleted meanwhile."),
    "removed": _("It has been removed: files are kept for a limited time."),
    "no_open_round": _("The chain has no open round. Hand the line in once a round opens."),
    "round_open": _("The round is open already."),
    "round_already_open": _("Another round of this chain is open. Close it first."),
    "round_not_open": _("The round is not open."),
    "round_over": _("The round has been closed."),
    "run_in_work": _("A run of this round is in work. Wait for it or cancel it."),
    "run_not_finished": _("The run is not finished."),
    "run_too_old": _(
        "The run was made before a change of the program and can't be used for this. Start a new run."
    ),
    "no_run": _("There is no finished run."),
    "no_demand": _("There is no verified demand line to match."),
    "not_in_run": _("The line does not take part in this run."),
    "matched_whole": _("The line is matched whole; there is nothing to ask."),
    "demand_covered": _("The demand line is covered by other pairs already."),
    "capacity_taken": _("The free capacity of the offer is promised to others already."),
    "committed": _("Capacity is promised to accepted pairs; it can't fall below that."),
    "already_published": _("The run has been published."),
    "rules_unchanged": _("The rules are the same as those in force."),
    "reference_data": _("The entry comes with the program; switch it off instead of deleting it."),
    "remembered_already": _("The pair is remembered already."),
    "no_rule": _("The chain has no rule for meetings yet."),
    "nothing_to_propose": _("There are too few accepted pairs for a meeting, or no free day."),
    "meeting_over": _("The meeting is over, or was declined or cancelled."),
    "invitation_over": _("The meeting is over or is not held; its invitations can't be answered any more."),
    "invited_already": _("The organisation is invited already. Read its invitation."),
    "link_used": _("The link was used for an answer. A newer letter has the link that holds."),
    "nothing_to_remind": _("The organisation has answered, or the meeting is over."),
    "against_rules": _("A rule of the meeting forbids it: a rest, an absence, a shut table, a way."),
    "day_has_begun": _("The day of the meeting has begun; its times and its venue stay."),
    "not_the_day": _("This is done on the day of the meeting itself."),
    "no_place": _("No table is free for these two at a time that the rules allow. Plan the rest of the day."),
    "no_walk_in": _("The pair stands in no published list of this chain, or is planned or declined."),
    "party_not_here": _("A firm of the pair has not checked in. Check it in first."),
    "double_booking": _("The table, or one of the parties, has another appointment at that time."),
    "appointment_gone": _("The appointment is not standing any more."),
    "contract_stands": _("The pair has a contract. Break it off under its progress first."),
    "not_accepted": _("Both firms have not said yes to the match, or no longer do."),
    "nothing_awaited": _("The pair has no step that is awaited: it is delivered, or was broken off."),
    "no_contract": _("The pair has no contract in force."),
    "delivered_already": _("The delivery is recorded already."),
    "meeting_not_on": _("The meeting is not approved, or over. On its day an approved meeting is on."),
    "already_here": _("The party is checked in. Take the check-in back first where that is wrong."),
    "no_appointment": _("Only firms with an appointment at the meeting are checked in."),
    "table_busy": _("Another appointment is still at this table. Finish it first."),
    "party_busy": _("One of the two firms is still at another table. Finish that appointment first."),
    "recorded": _("Somebody has recorded a result meanwhile. Compare it and send yours again to replace it."),
    "agreement_over": _("The agreement was withdrawn, annulled or broken off."),
    "agreement_confirmed": _("The agreement was confirmed with this file, so the file stays."),
    "stated_by_other_side": _("The other side stated what is recorded here. Dispute it there first."),
    "venue_closed": _("The venue is not in use."),
    "table_in_use": _("Appointments stand at a table that would go. Move them first."),
    "needs_head": _("The chain head approves this meeting after the department: endorse it instead."),
    "plan_changed": _(
        "The plan has changed since you read it; a draft is being computed anew. Read it again, then decide."
    ),
    "too_many_absences": _("There are too many absences to come. Remove some first."),
    "presence_exists": _("The firm has said who comes already. Change that."),
    "not_your_firm": _("Only the firm's own people say when it comes."),
    "rule_exists": _("The chain has a rule for meetings already. Change that one."),
    "no_ocds_prefix": _(
        "Open Contracting ids need a prefix that is registered for the publisher. The operator sets "
        "OCDS_PREFIX."
    ),
    "nothing_to_release": _("There is nothing to release yet."),
    "upload_running": _("Another file of this list is in work. Wait for it."),
    "data_unreadable": _("The server lacks a key for what it has stored. Its operator must bring it back."),
    "not_scanned": _("Files can't be scanned for harmful content just now. Send the file again later."),
}
MEANINGS = {**REQUESTS, **WHO, **VALUES, **STATES}
SECTIONS = (
    (_("Requests"), REQUESTS),
    (_("Who asks"), WHO),
    (_("Values"), VALUES),
    (_("State of things"), STATES),
)


@lru_cache(maxsize=512)
def in_both_languages(code: str) -> dict[str, str]:
    """What a code means, by language; a code without words of its own says what its kind of problem is."""
    words = MEANINGS.get(code, MEANINGS["invalid"])
    told = {}
    for name, language in LANGUAGES.items():
        with translation.override(language):
            told[name] = str(words)
    return told
