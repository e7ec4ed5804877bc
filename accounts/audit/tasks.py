"""The audit's clockwork."""

from __future__ import annotations

import logging

from celery import shared_task

from accounts.audit import queries, services

SHARE = 5
"""Batches a tick: 25,000 entries take a second on two cores. Beat ticks every two, so that a worker
has half of its time for others even while 200,000 entries wait: 16 s, by the time of a batch."""
log = logging.getLogger(__name__)


@shared_task(name="audit.seal")
def seal() -> None:
    """Seal what is waiting, at most ``SHARE`` batches; the next tick goes on."""
    for _ in range(SHARE):
        if services.seal() < services.BATCH:
            return


@shared_task(name="audit.tell_head")
def tell_head() -> None:
    """Write the end of the chain into the log, which lies elsewhere, so that a tail cut off is missed."""
    head = queries.head()
    if head is not None:
        log.info("head of the audit: %s", head)
