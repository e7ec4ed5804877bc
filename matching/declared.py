"""The classes of the columns of lists, runs, reviews and meetings (``accounts.classes``)."""

from __future__ import annotations

from accounts.classes import Declared

_LINE = {
    "chain": "id created_at kind chain node round state title category_code standards unit valid_until"
    " fingerprint reminded_for submitted_at verified_at updated_at",
    "party": "organisation key reason description attributes",
    "personal": "contact_name contact_phone",
}
_FRAME = (
    "id created_at chain event venue starts slot_minutes breaks gap travel_minutes travel_times interpreters"
)
_PAIR = (
    "id created_at run demand supply demand_title supply_title rank need_position offer_position confirmed"
)

_TERMS = "amount tax_included quantity unit signed_on deliver_from deliver_until number note"

CLASSES: Declared = {
    "Chain": {"public": "name_zh name_en code position"},
    "ChainNode": {"public": "id name_zh name_en chain parent level code path unit position"},
    "GlossaryEntry": {"public": "id kind chain words from_reference is_active"},
    "Region": {"public": "code name level parent"},
    "Round": {"public": "id created_at chain kind name opens_at closes_at state"},
    "Venue": {"public": "id created_at name address region is_active"},
    "Table": {"public": "id venue number"},
    "KeptAnswer": {"secret": "id key request standing answer created_at"},
    "LiveIndex": {"public": "id chain kind side name lines built_at"},
    "JoinRequest": {
        "party": "id created_at kind name uscc region chains language consented_to state reason organisation"
        " account updated_at",
        "personal": "contact_name email phone",
    },
    "RoleRequest": {
        "party": "id created_at organisation role chains regions account state reason asked_by decided_by"
        " invited_at updated_at",
        "personal": "name email",
    },
    "JoinStep": {"party": "id request action before after reason actor created_at"},
    "DemandLine": {
        **_LINE,
        "chain": f"{_LINE['chain']} quantity period deliver_from deliver_until delivery_region certificates"
        " regions region_required stage confidential import_substitution sample_required",
        "party": f"{_LINE['party']} drawing_no delivery_place max_suppliers priority present_source"
        " quality_clauses responsible_department arose_from",
        "secret": "price_ceiling",
    },
    "SupplyLine": {
        **_LINE,
        "chain": f"{_LINE['chain']} first_of_kind",
        "party": f"{_LINE['party']} capacity capacity_basis minimum_order lead_time lead_time_unit"
        " served_leaders export_limits",
        "secret": "free_capacity committed price_low price_high",
    },
    "Requirement": {"chain": "id demand position parameter operator low high values unit hard"},
    "Property": {"chain": "id supply position parameter low high values unit tolerance"},
    "Certificate": {"chain": "id supply name expires", "party": "number"},
    "CapacityTaken": {"party": "id supply pair source monthly counted begins_on ends_on is_over"},
    "Attachment": {"party": "id created_at demand file name size uploaded_by"},
    "LineEvent": {"party": "id demand supply action state reason actor created_at"},
    "Disclosure": {
        "party": "id at hour organisation reader reader_organisation side object_id key title lines parts via"
    },
    "TextMeaning": {"secret": "id model digest vector"},
    "PolicyVersion": {"chain": "id created_at chain kind number body note adopted_by"},
    "PolicyProposal": {
        "chain": "id created_at chain kind base body lesson evidence_hash state reason decided_by decided_at"
        " version"
    },
    "MatchingRun": {
        "chain": "id created_at round number state policy as_of demands supplies shards_total shards_done"
        " engine index_hash input_hash result_hash allocation_gap allocation_methods error created_by"
        " ordered_with started_at finished_at glossary",
        "secret": "awards exclusions",
    },
    "FrozenLine": {
        "chain": "id run side position line_id title unit fingerprint",
        "secret": "key payload sealed",
    },
    "Shard": {
        "chain": "id run stage number first last state token leased_until queued_at",
        "secret": "result",
    },
    "Match": {
        "party": f"{_PAIR} band unit demand_fingerprint supply_fingerprint listed",
        "secret": "score verdicts values certain allocated share excluded excluded_reason",
    },
    "NearMiss": {"secret": f"{_PAIR} score verdicts values"},
    "Exclusion": {"secret": "id created_at demand supply reason"},
    "Award": {"secret": "id created_at demand supply quantity unit"},
    "Gap": {
        "chain": "id created_at run demand demand_title type uncovered",
        "secret": "evidence_zh evidence_en",
    },
    "MatchingList": {
        "chain": "id created_at chain kind number round run previous policy_version input_hash result_hash"
        " content_hash matches gaps published_by",
        "secret": "content diff",
    },
    "Review": {"party": "id created_at demand supply match state accepted_at updated_at quantity"},
    "Decision": {"party": "id review action before after actor created_at", "secret": "reason"},
    "MeetingRule": {
        "chain": f"{_FRAME} cadence minimum_pairs minimum_value lead_days slots_a_day most_tables needs_head"
        " head_value is_active"
    },
    "SigningMeeting": {
        "chain": f"{_FRAME} kind title period state date slots tables shut_tables needs_head plan tried"
        " reason leader decided_by decided_at approved_at"
    },
    "PlanDraft": {
        "chain": "id created_at meeting author state based_on problem queued_at computed_at",
        "secret": "changes outcome",
    },
    "LeftOut": {"party": "id meeting review created_at"},
    "Absence": {"party": "id created_at organisation person during meeting"},
    "Presence": {"party": "id created_at organisation person languages"},
    "Appointment": {
        "party": "id created_at meeting review table slot during presentation is_pinned is_active is_struck"
    },
    "Attendance": {"party": "id appointment organisation person during presentation is_active is_struck"},
    "Agreement": {
        "party": f"id created_at review appointment kind state {_TERMS} stated_as confirmed_at updated_at"
    },
    "AgreementVersion": {
        "party": f"id agreement position {_TERMS} stated_as stated_by created_at confirmed_at"
    },
    "AgreementEvent": {"party": "id agreement action state acted_as reason actor created_at"},
    "AgreementAttachment": {"party": "id created_at agreement file name size uploaded_by"},
    "Arrival": {"party": "id created_at meeting organisation arrived_at coming_at noted_by"},
    "Sitting": {"party": "created_at appointment state began_at ended_at noted_by"},
    "Outcome": {
        "party": "id created_at appointment result absent next_step due_on agreement recorded_as recorded_by"
        " updated_at"
    },
    "Milestone": {"party": "id created_at review step state due_on done_on agreement changed_by updated_at"},
    "FollowUpRule": {
        "chain": "id created_at chain intent_days sample_days quote_days contract_days delivery_days"
        " remind_days escalate_days answer_days"
    },
    "SupervisionOrder": {
        "chain": "id created_at chain number milestone missed due_on state answer answered_by answered_at"
        " reason closed_at updated_at"
    },
    "Invitation": {
        "party": "id created_at meeting organisation state deadline offered reason via answered_by"
        " answered_at version"
    },
    "Delegate": {"party": "id invitation language", "personal": "name job phone"},
    "CalendarEntry": {"party": "id meeting appointment sequence told is_cancelled changed_at"},
    "CalendarAddress": {"party": "id created_at user", "secret": "digest shown"},
    "PaperPack": {
        "chain": "id created_at meeting state issuer number addressee language dated ordered_by ordered_with"
        " size sha256 made_at error token attempts leased_until queued_at done total",
        "party": "file papers stamps",
    },
    "LetterTemplate": {"chain": "id created_at chain file name size sha256 uploaded_by updated_at"},
    "Confirmation": {
        "chain": "id created_at chain kind supply product product_key source state confirmed_on confirmed_by"
        " ended_at ended_by ended_reason",
        "secret": "demand text text_key",
    },
    "OutboxMessage": {"party": "id task arguments actor request_id created_at sent_at attempts"},
    "Notice": {
        "party": "id created_at user key topic portal mail read_at mailed_at link enclosed",
        "personal": "text_zh text_en",
    },
    "NoticePreference": {"party": "id user topic portal mail"},
    "Upload": {
        "party": "id created_at organisation side kind file name size sha256 uploaded_by state counts error"
        " all_or_nothing withdraw submit applied_by finished_at ordered_with token attempts leased_until"
        " queued_at done total",
        "secret": "result problems notices",
    },
    "UploadRow": {
        "party": "id upload position sheet number key title sort outcome line stamp",
        "secret": "values children changes problems",
    },
    "Change": {"secret": "position event object_id inner at"},
    "Gathering": {"secret": "id sealed head"},
    "WebhookEndpoint": {
        "party": "id created_at organisation role chains regions description events state old_secret_until"
        " position failing_since created_by",
        # Receivers put credentials of their own into the path.
        "secret": "url secret old_secret",
    },
    "WebhookDelivery": {
        "party": "id created_at endpoint event object_id body state attempts due_at finished_at token"
        " leased_until",
    },
    "WebhookAttempt": {"party": "id delivery at status error milliseconds", "secret": "answer"},
}
