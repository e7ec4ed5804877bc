"""Verbs on templates of letters of intent."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from matching.chains.models import Chain
from matching.documents.letters import TemplateRefused, Trouble, check
from matching.errors import Conflict, Forbidden, Invalid
from matching.papers import access
from matching.papers.models import LetterTemplate
from matching.scanning import scan

MOST_BYTES = 2 * 2**20
ENDING = ".docx"


@transaction.atomic
def keep_template(*, actor: User, chain: Chain, upload: UploadedFile[Any]) -> LetterTemplate:
    """Take this letter for the chain from now on; it has been tried out with every placeholder filled in.

    Side effects: the file before it is gone. Raises ``Forbidden`` for strangers, ``Invalid`` for type, size,
    what the scanner refuses and whatever is wrong in the template, ``Conflict`` where the scanner is away.
    """
    if not access.keeps_letter(actor, chain.pk):
        raise Forbidden(_("Only the chain's office or department writes its letters."), code="not_your_chain")
    name = upload.name or ""
    if not name.lower().endswith(ENDING):
        raise Invalid({"file": [_("Please choose one of these types: %(wanted)s") % {"wanted": ENDING}]})
    if (upload.size or 0) > MOST_BYTES:
        raise Invalid({"file": [_("The file is larger than 2 MB.")]}, code="too_large")
    scan(upload)
    content = b"".join(upload.chunks())
    try:
        check(content)
    except TemplateRefused as refused:
        raise Invalid({"file": [in_words(refused)]}, code="bad_template") from refused
    return _stored(chain, actor, name, content)


def _stored(chain: Chain, actor: User, name: str, content: bytes) -> LetterTemplate:
    digest = hashlib.sha256(content).hexdigest()
    # The chain's row is the lock: two first templates at once would both find none.
    Chain.objects.select_for_update().get(pk=chain.pk)
    template = LetterTemplate.objects.filter(chain=chain).first() or LetterTemplate(chain=chain)
    before = template.file.name or ""
    template.name, template.size, template.sha256 = name[-200:], len(content), digest
    template.uploaded_by = actor
    template.file.save(f"papers/letters/{chain.pk}-{digest}{ENDING}", ContentFile(content), save=False)
    template.save()
    if before and before != template.file.name:
        transaction.on_commit(partial(template.file.storage.delete, before))
    return template


@transaction.atomic
def drop_template(*, actor: User, chain: str) -> None:
    """Go back to the built-in letter. Raises ``Forbidden``, and ``Conflict`` where it is taken already."""
    if not access.keeps_letter(actor, chain):
        raise Forbidden(_("Only the chain's office or department writes its letters."), code="not_your_chain")
    template = LetterTemplate.objects.select_for_update().filter(chain=chain).first()
    if template is None:
        raise Conflict(_("The built-in letter is taken already."), code="deleted")
    template.delete()
    transaction.on_commit(partial(template.file.storage.delete, str(template.file.name)))


def in_words(refused: TemplateRefused) -> str:
    """What is wrong in a template, and what to do about it."""
    words = {
        Trouble.NO_DOCUMENT: _("This is no .docx that can be read; save it anew in your word processor."),
        Trouble.MACROS: _("The file holds macros; save it as a plain .docx."),
        Trouble.EMBEDDED: _("The file holds another file; take it out."),
        Trouble.OUTSIDE: _(
            "The file draws on something outside of it, such as a linked picture; take it out."
        ),
        Trouble.TOO_LARGE: _("The file is too large when it is unpacked."),
        Trouble.NOT_READ: _("A placeholder can't be read: %(detail)s. Write {{ name }}."),
        Trouble.TOO_CLEVER: _(
            "Only placeholders such as {{ name }}, and if … endif around a text, are possible: %(detail)s."
        ),
        Trouble.UNKNOWN: _("There are no such placeholders: %(detail)s."),
    }
    return words[refused.trouble].replace("%(detail)s", refused.detail)
