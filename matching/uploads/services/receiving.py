"""Verbs of the people: hand in a file, choose what becomes of it."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.credentials.services import in_hand
from accounts.models import Organisation, User
from matching import kinds
from matching.errors import Conflict, Forbidden, Invalid
from matching.scanning import scan
from matching.uploads import access
from matching.uploads.models import Side, Upload
from matching.uploads.services.leases import queue
from matching.uploads.states import RUNNING, UPLOAD, Sort, UploadAction

ENDINGS = (".xlsx", ".xlsm", ".xls", ".ods", ".csv")


@transaction.atomic
def receive(
    *, actor: User, organisation: Organisation, side: str, kind: str, file: UploadedFile[Any]
) -> Upload:
    """Keep a file of a firm's list and have it read.

    Side effects: the file stands in the storage under the hash of its content, one outbox message.
    Raises ``Forbidden`` for strangers, ``Invalid`` for size, type, kind and what the scanner refuses,
    ``Conflict`` while another file of that list is being read or applied, or the scanner does not answer.
    """
    if organisation not in access.firms(actor, side):
        raise Forbidden(_("You do not act for this firm."), code="not_your_firm")
    name, ending = _checked(file)
    if kind not in {declared.code for declared in kinds.registered()}:
        raise Invalid({"kind": [_("There is no such kind of list.")]}, code="invalid_choice")
    _refuse_second(organisation, side)
    scan(file)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    upload = Upload(
        organisation=organisation,
        side=Side(side),
        kind=kind,
        name=name[-200:],
        size=file.size or 0,
        sha256=digest.hexdigest(),
        uploaded_by=actor,
        ordered_with=in_hand(),
    )
    upload.file.name = f"uploads/{upload.pk}/{upload.sha256}{ending}"
    queue(upload)
    upload.save()
    # Last, so that a refusal of the database leaves no file behind.
    upload.file.storage.save(upload.file.name, file)
    return upload


def _checked(file: UploadedFile[Any]) -> tuple[str, str]:
    name, size = file.name or "", file.size or 0
    ending = next((end for end in ENDINGS if name.lower().endswith(end)), None)
    if ending is None:
        wanted = " ".join(ENDINGS)
        raise Invalid({"file": [_("Please choose one of these types: %(wanted)s") % {"wanted": wanted}]})
    most = settings.UPLOAD_MAX_BYTES
    if size > most:
        told = _("The file is larger than %(most)d MB; split it and upload the parts one after the other.")
        raise Invalid({"file": [told % {"most": most // 2**20}]}, code="too_large")
    if size == 0:
        raise Invalid({"file": [_("The file is empty.")]}, code="empty")
    return name, ending


def _refuse_second(organisation: Organisation, side: str) -> None:
    running = Upload.objects.filter(organisation=organisation, side=side, state__in=RUNNING).first()
    if running is not None:
        raise Conflict(
            _("“%(name)s” is still being worked on; upload the next file when it is done.")
            % {"name": running.name},
            code="upload_running",
        )


@transaction.atomic
def order_apply(
    *,
    actor: User,
    upload_id: uuid.UUID,
    all_or_nothing: bool = False,
    withdraw: bool = False,
    submit: bool = False,
) -> Upload:
    """Have a worker write the file's good rows into the list.

    ``all_or_nothing``: one row that can't be applied stops all; ``withdraw`` lines that the file does not
    have; ``submit`` what is a draft then. Side effects: one outbox message. Raises ``Forbidden``,
    ``Conflict`` for the upload's state or another running one, ``Invalid`` for what the rows don't allow.
    """
    upload = _locked(actor, upload_id)
    target = UPLOAD.target(upload.state, UploadAction.APPLY)
    if all_or_nothing and upload.counts[Sort.FAULTY]:
        raise Invalid({"all_or_nothing": [_("Some rows are faulty: mend them, or apply the good rows.")]})
    nameless = upload.rows.filter(sort=Sort.FAULTY, key="").exists()
    if withdraw and nameless:
        told = _("Some faulty rows have no line number: mend them before you withdraw what seems absent.")
        raise Invalid({"withdraw": [told]})
    upload.all_or_nothing, upload.withdraw, upload.submit = all_or_nothing, withdraw, submit
    return _again(upload, actor, target)


@transaction.atomic
def read_again(*, actor: User, upload_id: uuid.UUID) -> Upload:
    """Compare the stored file with the list as it is now.

    Side effects: one outbox message. Raises ``Forbidden`` and ``Conflict`` as ``order_apply``.
    """
    upload = _locked(actor, upload_id)
    return _again(upload, actor, UPLOAD.target(upload.state, UploadAction.READ_AGAIN))


def _locked(actor: User, upload_id: uuid.UUID) -> Upload:
    upload = Upload.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=upload_id)
    if upload.organisation not in access.firms(actor, upload.side):
        raise Forbidden(_("You do not act for this firm."), code="not_your_firm")
    return upload


def _again(upload: Upload, actor: User, target: str) -> Upload:
    if not upload.file:
        raise Conflict(_("The file was removed; please upload it again."), code="removed")
    _refuse_second(upload.organisation, upload.side)
    upload.state, upload.applied_by, upload.error = target, actor, {}
    upload.ordered_with = in_hand()
    queue(upload)
    upload.save()
    return upload
