"""The Celery application: explicit task modules, no result backend, late acknowledgement."""

from __future__ import annotations

import os

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chainmatch.settings")

app = Celery("chainmatch")
app.config_from_object("django.conf:settings", namespace="CELERY")


@worker_init.connect
def _refuse_unsafe_worker(**_: object) -> None:
    from chainmatch.guard import refuse_demo_accounts  # Django's apps are loaded only by now

    refuse_demo_accounts()
