"""What the audit need not know of lists, runs, reviews and meetings (``accounts.audit.watching``)."""

from __future__ import annotations

from accounts.audit.watching import Watching

WATCHING = Watching(
    exempt={
        "Disclosure": "a log of what was read, itself append-only; the database refuses changes",
        "FrozenLine": "computed: copies of lines that a run froze; lines and runs are audited",
        "Shard": "work of a run under leases; the run is audited",
        "Match": "computed by a run; what people decide on it is a Review, Decision or Exclusion",
        "NearMiss": "computed by a run from frozen lines",
        "Gap": "computed by a run from frozen lines",
        "LiveIndex": "where an index of titles lies, made anew every few seconds",
        "TextMeaning": "computed: numbers that a model made of a text",
        "OutboxMessage": "work to do; what it does is audited where it is done",
        "Change": "computed from the audit itself",
        "Gathering": "how far the audit was read for the changes feed",
        "WebhookDelivery": "messages to an audited webhook; what people send again stands in their log",
        "WebhookAttempt": "the log of these messages",
        "CalendarEntry": "computed: what calendars were told of audited appointments",
        "UploadRow": "what a file said; the upload and the lines that it changes are audited",
    },
    unwatched={
        "MatchingRun": ("shards_done", "glossary"),
        "WebhookEndpoint": ("position", "failing_since"),
        "SigningMeeting": ("tried",),
        "PlanDraft": ("queued_at", "outcome"),
        "PaperPack": ("token", "attempts", "leased_until", "queued_at", "done", "total", "papers", "stamps"),
        "Upload": ("token", "attempts", "leased_until", "queued_at", "done", "total"),
    },
)
