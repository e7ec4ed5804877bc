"""Tasks carry a shard's id, nothing else."""

from __future__ import annotations

from celery import shared_task

from matching.notices.tasks import deliver_outbox
from matching.runs import services


@shared_task(name="runs.run_shard")
def run_shard(shard_id: str) -> None:
    """Compute one shard; what it queued need not wait for the next sweep."""
    services.run_shard(shard_id=int(shard_id))
    deliver_outbox()


@shared_task(name="runs.remove_idle_indexes")
def remove_idle_indexes() -> None:
    """Delete indexes of runs that have ended."""
    services.remove_idle()


@shared_task(name="runs.sweep_shards")
def sweep_shards() -> None:
    """Queue again what a lost worker or a lost broker left behind."""
    for shard_id in services.lost_shards():
        run_shard.delay(str(shard_id))


@shared_task(name="runs.learn_meanings")
def learn_meanings() -> None:
    """Encode texts of lines that no vector is known of; only where a model is set."""
    services.learn_meanings()
