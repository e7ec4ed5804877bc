"""The Celery application: explicit task modules, no result backend, late acknowledgement."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import Any

from celery import Celery
from celery.signals import beat_init, before_task_publish, task_postrun, task_prerun, worker_init

from accounts.audit.context import acting, current
from chainmatch.env import UnsafeStart

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chainmatch.settings")

app = Celery("chainmatch")
app.config_from_object("django.conf:settings", namespace="CELERY")


@worker_init.connect
@beat_init.connect
def _refuse_unsafe_start(**_: object) -> None:
    from chainmatch.guard import refuse_demo_accounts  # Django's apps are loaded only by now

    try:
        refuse_demo_accounts()
    except UnsafeStart as error:
        # Celery logs and swallows every other exception of a signal's receiver.
        raise SystemExit(str(error)) from error


@before_task_publish.connect
def _say_whose(headers: dict[str, Any], **_: object) -> None:
    """Whoever ordered a task stands in its message."""
    ordering = current()
    headers["ordered_by"], headers["request_id"] = ordering.actor_id, ordering.request_id


@task_prerun.connect
def _act_for(task: Any, task_id: str, **_: object) -> None:
    """What a task writes is the doing of whoever ordered it; of nobody where the clock did."""
    actor, request_id = task.request.get("ordered_by"), task.request.get("request_id")
    entered = ExitStack()
    entered.enter_context(acting(actor_id=actor, via="task", request_id=request_id or task_id))
    task.request.acting = entered


@task_postrun.connect
def _act_no_more(task: Any, **_: object) -> None:
    task.request.acting.close()
