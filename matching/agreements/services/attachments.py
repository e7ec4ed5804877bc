"""Files beside agreements."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from matching.agreements import access
from matching.agreements.models import Agreement, AgreementAttachment
from matching.agreements.states import ENDED, AgreementAction
from matching.errors import Conflict, Forbidden
from matching.lists.services import stored_name


@transaction.atomic
def attach(*, actor: User, agreement: Agreement, upload: UploadedFile[Any]) -> AgreementAttachment:
    """Keep a file beside an agreement that stands; both firms and the chain's offices see it.

    Raises ``Invalid`` for size, type and what the scanner refuses, ``Conflict`` where the scanner does not
    answer or the agreement has ended, ``Forbidden`` for strangers.
    """
    _refuse(actor, agreement)
    name = stored_name(upload)
    kept = AgreementAttachment(
        agreement=agreement,
        name=(upload.name or "")[-200:],
        size=upload.size or 0,
        uploaded_by=actor,
    )
    kept.file.save(name, upload, save=False)
    kept.save()
    return kept


@transaction.atomic
def detach(*, actor: User, attachment_id: uuid.UUID) -> None:
    """Delete a file beside what one's own side has stated, for good, while nothing is confirmed with it.

    Side effects: the file itself goes once the deletion is certain. Raises ``Forbidden`` for others,
    ``Conflict`` where it has gone already or the agreement was confirmed.
    """
    found = AgreementAttachment.objects.select_for_update(of=("self",)).select_related(
        "agreement__review__demand", "agreement__review__supply"
    )
    kept = found.filter(pk=attachment_id).first()
    if kept is None:
        raise Conflict(_("The file has been deleted already."), code="deleted")
    if not access.may(actor, kept.agreement, AgreementAction.WITHDRAW):
        raise Forbidden(_("Your role does not allow this."), code="not_your_agreement")
    if kept.agreement.confirmed_at is not None:
        raise Conflict(_("The agreement was confirmed with this file."), code="agreement_confirmed")
    kept.delete()
    transaction.on_commit(partial(kept.file.storage.delete, str(kept.file.name)))


def _refuse(actor: User, agreement: Agreement) -> None:
    if not access.sides(actor, agreement.review):
        raise Forbidden(_("You do not act for one of the two firms."), code="not_your_review")
    if agreement.state in ENDED:
        raise Conflict(_("This agreement has ended."), code="agreement_over")
