"""Pages of the letter that a chain's firms are given to sign."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.urls import path
from django.utils.translation import gettext as _

from matching.chains.models import Chain
from matching.documents.letters import NAMES, Placeholder
from matching.errors import Refusal
from matching.pages import PortalRequest, attempt, in_words, page, refuse_unless, see_other, show, status_of
from matching.papers import access, queries, services
from matching.papers.forms import TemplateForm
from matching.papers.queries.letters import template_of
from matching.papers.types import as_download
from matching.papers.words import MEANINGS
from matching.refusals import database_refusals


@page("GET", "POST")
def letter_template(request: PortalRequest, chain: str) -> HttpResponse:
    """The letter of a chain, its placeholders, and another letter in its place."""
    found = _chain(request, chain)
    if request.method == "GET":
        return _page(request, found, TemplateForm())
    refuse_unless(access.keeps_letter(request.user, found.pk))
    form = TemplateForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    try:
        with database_refusals():
            services.keep_template(actor=request.user, chain=found, upload=form.cleaned_data["file"])
    except Refusal as refusal:
        form.add_error("file", in_words(refusal))
        return _page(request, found, form, status=status_of(refusal))
    messages.success(request, _("The letter is taken from now on; papers that are made already keep theirs."))
    return see_other(resolve_url("letter_template", found.pk))


def _page(request: PortalRequest, chain: Chain, form: TemplateForm, status: int = 200) -> HttpResponse:
    context = {
        "chain": chain,
        "form": form,
        "own": queries.letter_templates(request.user).filter(chain=chain).first(),
        "keeps": access.keeps_letter(request.user, chain.pk),
        "placeholders": [(NAMES[each], each.value, MEANINGS[each]) for each in Placeholder],
    }
    return show(request, "papers/letter_template.html", context, status=status)


def _chain(request: PortalRequest, code: str) -> Chain:
    chain = get_object_or_404(Chain, pk=code)
    if not access.sees_letter(request.user, chain.pk):
        raise Http404
    return chain


@page("GET")
def letter_file(request: PortalRequest, chain: str) -> HttpResponse:
    """The letter as it is now, to be changed in a word processor."""
    found = _chain(request, chain)
    return as_download(f"{_('Letter of intent')}-{found.name}.docx", template_of(found.pk))


@page("POST")
def letter_drop(request: PortalRequest, chain: str) -> HttpResponse:
    """Back to the built-in letter."""
    found = _chain(request, chain)
    refuse_unless(access.keeps_letter(request.user, found.pk))
    drop = partial(services.drop_template, actor=request.user, chain=found.pk)
    attempt(request, lambda: (drop(),), done=_("The built-in letter is taken from now on."))
    return see_other(resolve_url("letter_template", found.pk))


urlpatterns = [
    path("papers/letters/<slug:chain>/", letter_template, name="letter_template"),
    path("papers/letters/<slug:chain>/file/", letter_file, name="letter_file"),
    path("papers/letters/<slug:chain>/drop/", letter_drop, name="letter_drop"),
]
