"""What the broker hands out first."""

from __future__ import annotations

from celery import current_app

from tests.services import empty_broker


def test_shards_of_a_run_let_everything_else_pass() -> None:
    empty_broker()
    sent = ["runs.run_shard", "lists.refresh_live_indexes", "runs.run_shard", "notices.deliver_outbox"]
    for task in sent:
        current_app.send_task(task)
    with (
        current_app.connection_for_read() as connection,
        connection.SimpleQueue("celery", no_ack=True) as queue,
    ):
        got = [queue.get_nowait().headers["task"] for _ in sent]
    assert got == [
        "lists.refresh_live_indexes",
        "notices.deliver_outbox",
        "runs.run_shard",
        "runs.run_shard",
    ]
