"""E-mails of a production without a mail server: none leaves, and no log holds one."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.core import mail

PRODUCTION = {
    "CHAINMATCH_MODE": "production",
    "SECRET_KEY": "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz",
    "CHAINMATCH_FIELD_KEYS": "q8Zc3kq1m6wU0x2v4y6A8C0E2G4I6K8M0O2Q4S6U8W0=",
    "ALLOWED_HOSTS": "match.example.cn",
    "DJANGO_SETTINGS_MODULE": "chainmatch.settings",
}
UNSENT = "accounts.security.mail.Unsent"


def test_that_e_mails_were_not_sent_is_told_and_nothing_of_them(caplog: pytest.LogCaptureFixture) -> None:
    with mail.get_connection(UNSENT) as connection:
        sent = mail.EmailMessage("Reset", "https://link", to=["a@example.cn"], connection=connection).send()
    assert sent == 0
    assert caplog.messages == ["EMAIL_URL is not set, so e-mails were not sent: 1"]


@pytest.mark.parametrize(
    ("url", "backend"),
    [("", UNSENT), ("smtp://localhost", "django.core.mail.backends.smtp.EmailBackend")],
)
def test_production_writes_no_e_mail_into_its_log(url: str, backend: str) -> None:
    environment = {**os.environ, **PRODUCTION, **({"EMAIL_URL": url} if url else {})}
    program = "from django.conf import settings; print(settings.EMAIL_BACKEND)"
    told = subprocess.run((sys.executable, "-c", program), env=environment, capture_output=True, text=True)
    assert told.stdout.strip() == backend
