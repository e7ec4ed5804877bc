"""Application declaration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.classes import declare
from matching.declared import CLASSES

declare("matching", CLASSES)


class MatchingConfig(AppConfig):
    """Lists, runs, review and meetings."""

    name = "matching"
    verbose_name = _("Matching")
