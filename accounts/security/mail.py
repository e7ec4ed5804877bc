"""What becomes of e-mails in production while no server is named that would send them."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

log = logging.getLogger(__name__)


class Unsent(BaseEmailBackend):
    """Sends nothing and says so; in a log, the link for a new password would open an account."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Tell how many. Returns 0."""
        log.error("EMAIL_URL is not set, so e-mails were not sent: %d", len(email_messages))
        return 0
