"""Verbs on attachments."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from matching.errors import Forbidden, Invalid
from matching.lists import access
from matching.lists.models import (
    Attachment,
    DemandLine,
)

MAX_ATTACHMENT_BYTES = 20 * 1024 * 1024
ATTACHMENT_ENDINGS = (
    ".pdf",
    ".doc",
    ".docx",
    ".xls",
    ".xlsx",
    ".png",
    ".jpg",
    ".jpeg",
    ".dwg",
    ".step",
    ".zip",
)


@transaction.atomic
def attach(*, actor: User, demand: DemandLine, upload: UploadedFile[Any]) -> Attachment:
    """Keep a file beside a demand line. Raises ``Invalid`` for size and type, ``Forbidden`` for strangers."""
    if not access.can_edit(actor, demand):
        raise Forbidden(_("You do not act for this firm."), code="not_your_firm")
    name, size = upload.name or "", upload.size or 0
    if not name.lower().endswith(ATTACHMENT_ENDINGS):
        wanted = " ".join(ATTACHMENT_ENDINGS)
        raise Invalid({"file": [_("Please choose one of these types: %(wanted)s") % {"wanted": wanted}]})
    if size > MAX_ATTACHMENT_BYTES:
        raise Invalid({"file": [_("The file is larger than 20 MB.")]})
    stored = f"{uuid.uuid4()}{name[name.rindex('.') :].lower()}"
    attachment = Attachment(demand=demand, name=name[-200:], size=size, uploaded_by=actor)
    attachment.file.save(stored, upload, save=False)
    attachment.save()
    return attachment
