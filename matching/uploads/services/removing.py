"""Files and rows of uploads are kept for some days; the history stays."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from matching.uploads.models import Upload
from matching.uploads.states import RUNNING


def remove_old(*, now: datetime) -> int:
    """Remove files and rows of uploads that are older than the setting says; returns how many.

    Side effects: who, when, counts and result stay on record; what was not applied can't be any more.
    """
    before = now - timedelta(days=settings.UPLOAD_KEEP_DAYS)
    old = Upload.objects.filter(created_at__lt=before).exclude(file="").exclude(state__in=RUNNING)
    return sum(_remove(upload_id) for upload_id in list(old.values_list("pk", flat=True)))


@transaction.atomic
def _remove(upload_id: uuid.UUID) -> int:
    upload = Upload.objects.select_for_update().filter(pk=upload_id).exclude(state__in=RUNNING).first()
    if upload is None or not upload.file:
        return 0
    upload.rows.all().delete()
    upload.file.delete(save=False)
    upload.save()
    return 1
