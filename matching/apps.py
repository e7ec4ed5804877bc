"""Application declaration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.audit.watching import watch_app
from accounts.classes import declare
from matching.audited import WATCHING
from matching.declared import CLASSES

declare("matching", CLASSES)
watch_app("matching", WATCHING)


class MatchingConfig(AppConfig):
    """Lists, runs, review and meetings."""

    name = "matching"
    verbose_name = _("Matching")

    def ready(self) -> None:
        """Renew what runs have copied of sealed columns together with them."""
        # Both need the loaded apps.
        from django.db.models import Q

        from accounts.sealing.renewing import drop_also, renew_also
        from matching.runs.queries import results
        from matching.runs.queries.frozen import renewed_copies

        renew_also("matching.FrozenLine", "sealed", ("line_id",), renewed_copies)
        unread = Q(stage="match") & ~Q(result=b"")
        renew_also("matching.Shard", "result", ("pk",), results.renewed, unread)
        drop_also("index files", "matching.runs.services.artefacts.drop_outdated")
