"""The Celery application: explicit task modules, no result backend, late acknowledgement."""

from __future__ import annotations

import os

from celery import Celery
from celery.signals import beat_init, worker_init

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
