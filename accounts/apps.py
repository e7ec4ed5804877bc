"""Application declaration."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _

from accounts import keyring
from accounts.classes import declare
from accounts.declared import CLASSES

declare("accounts", CLASSES)


class AccountsConfig(AppConfig):
    """People and organisations."""

    name = "accounts"
    verbose_name = _("People and organisations")

    def ready(self) -> None:
        """Register what ``check --deploy`` asks."""
        register(keyring.check_keys, Tags.security, deploy=True)
