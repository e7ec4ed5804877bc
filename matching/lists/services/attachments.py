"""Verbs on attachments."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from matching.errors import Conflict, Forbidden, Invalid
from matching.lists import access
from matching.lists.models import MAX_REASON, Attachment, DemandLine
from matching.lists.services.lines import record
from matching.lists.states import LineNote
from matching.scanning import scan

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
    """Keep a file beside a demand line. Side effects: one event.

    Raises ``Invalid`` for size, type and what the scanner refuses, ``Conflict`` where it does not answer,
    ``Forbidden`` for strangers.
    """
    if not access.can_edit(actor, demand):
        raise Forbidden(_("You do not act for this firm."), code="not_your_firm")
    stored = stored_name(upload)
    attachment = Attachment(
        demand=demand, name=(upload.name or "")[-200:], size=upload.size or 0, uploaded_by=actor
    )
    attachment.file.save(stored, upload, save=False)
    attachment.save()
    record(demand, LineNote.ATTACH, actor, attachment.name[:MAX_REASON])
    return attachment


def stored_name(upload: UploadedFile[Any]) -> str:
    """A name of our own for a file that may be kept.

    Raises ``Invalid`` for size, type and what the scanner refuses, ``Conflict`` where it does not answer.
    """
    name, size = upload.name or "", upload.size or 0
    if not name.lower().endswith(ATTACHMENT_ENDINGS):
        wanted = " ".join(ATTACHMENT_ENDINGS)
        raise Invalid({"file": [_("Please choose one of these types: %(wanted)s") % {"wanted": wanted}]})
    if size > MAX_ATTACHMENT_BYTES:
        raise Invalid({"file": [_("The file is larger than 20 MB.")]}, code="too_large")
    scan(upload)
    return f"{uuid.uuid4()}{name[name.rindex('.') :].lower()}"


@transaction.atomic
def detach(*, actor: User, attachment_id: uuid.UUID) -> None:
    """Delete a file of one's own demand line for good.

    Side effects: one event that names the file; the file itself goes once the deletion is certain.
    Raises ``Forbidden`` for strangers, ``Conflict`` where somebody else has deleted it just now.
    """
    found = Attachment.objects.select_for_update(of=("self",)).select_related("demand")
    attachment = found.filter(pk=attachment_id).first()
    if attachment is None:
        raise Conflict(_("The file has been deleted already."), code="deleted")
    if not access.can_edit(actor, attachment.demand):
        raise Forbidden(_("You do not act for this firm."), code="not_your_firm")
    attachment.delete()
    record(attachment.demand, LineNote.DETACH, actor, attachment.name[:MAX_REASON])
    transaction.on_commit(partial(attachment.file.storage.delete, str(attachment.file.name)))
