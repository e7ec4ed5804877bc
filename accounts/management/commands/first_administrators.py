"""``manage.py first_administrators``: the three administrators of an installation that has none yet."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.shortcuts import resolve_url

from accounts.models import User
from accounts.roles import Role
from accounts.services import AlreadyThere, open_administrators

OPTIONS = {
    Role.SYSTEM_ADMIN: ("system", "system administrator: opens and ends accounts"),
    Role.SECURITY_ADMIN: ("security", "security administrator: grants roles, looks after sign-ins"),
    Role.AUDITOR: ("audit", "auditor: reads the audit"),
}


class Command(BaseCommand):
    """Opens three accounts and prints a link for each, by which its person chooses a password."""

    help = (
        "Open the accounts of the system, security and audit administrators (三员) of a new installation and "
        "print a link for each. A link opens once, until a password was chosen by it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One e-mail address a role, and where they belong."""
        for name, words in OPTIONS.values():
            parser.add_argument(f"--{name}", required=True, metavar="E-MAIL", help=words)
        parser.add_argument("--office", default="链长办", help="name of the office that they belong to")
        parser.add_argument("--region", default="14", help="its GB/T 2260 code")

    def handle(self, *args: Any, **options: Any) -> None:
        """Open them, or say why not."""
        wanted = {role: options[name].strip().lower() for role, (name, _words) in OPTIONS.items()}
        try:
            for address in wanted.values():
                validate_email(address)
            opened = open_administrators(addresses=wanted, office=options["office"], region=options["region"])
        except (ValidationError, AlreadyThere) as error:
            raise CommandError(" ".join(getattr(error, "messages", [str(error)]))) from error
        days = settings.PASSWORD_RESET_TIMEOUT // 86_400
        self.stdout.write(
            f"Each opens once, within {days} days. Hand each to its person and to nobody else.\n"
        )
        for role, person in opened.items():
            self.stdout.write(f"{role.value}\t{person.email}\t{_link(person)}")


def _link(person: User) -> str:
    key, token = user_pk_to_url_str(person), default_token_generator.make_token(person)
    address: str = resolve_url("account_reset_password_from_key", uidb36=key, key=token)
    return settings.SITE_URL + address
