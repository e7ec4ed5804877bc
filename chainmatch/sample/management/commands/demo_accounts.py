"""``manage.py demo_accounts``: who can sign in to the demo, and what to try."""

from __future__ import annotations

import io
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich import box
from rich.console import Console
from rich.table import Table

from chainmatch.sample import people, places

WIDTH = 118


class Command(BaseCommand):
    """Print the demo accounts and the integrator's token."""

    help = "Print the demo accounts and the integrator's token."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the table; the token stays the same from start to start."""
        places.refuse_production()
        if people.missing_accounts():
            raise CommandError("There are no demo accounts; run: python manage.py load_sample")
        console = Console(file=io.StringIO(), width=WIDTH)
        console.print(_table())
        token = people.integrator_token()
        file = console.file
        assert isinstance(file, io.StringIO)
        self.stdout.write(file.getvalue().rstrip())
        self.stdout.write(f"令牌 Token ({people.INTEGRATOR}): {token}")
        self.stdout.write("用法 Usage: Authorization: Bearer <令牌>")


def _table() -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("角色 Role", "用户名 User", "口令 Password", "可以试试 What to try"):
        table.add_column(heading, no_wrap=heading != "可以试试 What to try")
    for account in people.ACCOUNTS:
        table.add_row(
            account.title, account.username, people.PASSWORD, f"{account.hint_zh}\n{account.hint_en}"
        )
    return table
