"""Application declaration."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from accounts import keyring
from accounts.audit import context
from accounts.audit.checks import check_audit_role
from accounts.audit.watching import watch_app
from accounts.audited import WATCHING
from accounts.classes import declare
from accounts.declared import CLASSES
from accounts.sealing import keys

declare("accounts", CLASSES)
watch_app("accounts", WATCHING)


class AccountsConfig(AppConfig):
    """People and organisations."""

    name = "accounts"
    verbose_name = _("People and organisations")

    def ready(self) -> None:
        """Register what ``check --deploy`` asks, and have every connection and migration keep the audit."""
        register(keyring.check_keys, Tags.security, deploy=True)
        register(check_audit_role, Tags.security, deploy=True)
        connection_created.connect(context.watch)
        post_migrate.connect(_keep_audit, sender=self)


def _keep_audit(*, using: str, **options: object) -> None:
    from accounts.audit.install import install  # needs the loaded apps

    if "plan" in options:  # emptying the tables sends the same signal
        install(using=using)
        keys.ensure()
