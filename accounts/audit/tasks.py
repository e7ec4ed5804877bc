"""The audit's clockwork."""

from __future__ import annotations

import logging

from celery import shared_task

from accounts.audit import queries, services

log = logging.getLogger(__name__)


@shared_task(name="audit.seal")
def seal() -> None:
    """Seal what is waiting."""
    while services.seal() == services.BATCH:
        pass


@shared_task(name="audit.tell_head")
def tell_head() -> None:
    """Write the end of the chain into the log, which lies elsewhere, so that a tail cut off is missed."""
    head = queries.head()
    if head is not None:
        log.info("head of the audit: %s", head)
