"""Files beside a demand line."""

from __future__ import annotations

import uuid
from functools import partial
from typing import cast

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from matching.disclosure.models import Part
from matching.disclosure.services import saw
from matching.errors import Conflict, Invalid
from matching.lists import access, services
from matching.lists.models import Attachment, DemandLine
from matching.lists.portal.lines import detail
from matching.lists.portal.sides import DEMAND
from matching.pages import PortalRequest, attempt, back, page, refuse_unless, show


@page("POST")
def attachment_add(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Put a file beside a demand line."""
    demand = get_object_or_404(DemandLine.objects.visible_to(request.user), pk=pk)
    upload = request.FILES.get("file")
    if upload is None:
        return detail(request, DEMAND, pk, status=422, file_problem=_("Choose a file."))
    try:
        services.attach(actor=request.user, demand=demand, upload=upload)
    except Invalid as invalid:
        return detail(request, DEMAND, pk, status=422, file_problem=" ".join(invalid.fields["file"]))
    except Conflict as conflict:
        return detail(request, DEMAND, pk, status=409, file_problem=conflict.message)
    return back(request, "demand_detail", pk)


@page("GET")
def attachment_download(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """A file beside a demand line that the person may see; always as a download."""
    attachment = get_object_or_404(
        Attachment.objects.filter(demand__in=DemandLine.objects.visible_to(request.user)).select_related(
            "demand"
        ),
        pk=pk,
    )
    saw([attachment.demand], Part.FILE)
    return cast(
        HttpResponse, FileResponse(attachment.file.open(), as_attachment=True, filename=attachment.name)
    )


@page("POST")
def attachment_delete(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Delete a file beside one's own demand line; asks first, since it is for good."""
    visible = Attachment.objects.filter(demand__in=DemandLine.objects.visible_to(request.user))
    attachment = get_object_or_404(visible.select_related("demand"), pk=pk)
    refuse_unless(access.can_edit(request.user, attachment.demand))
    if "confirmed" not in request.POST:
        return show(request, "lists/attachment_delete.html", {"attachment": attachment})
    delete = partial(services.detach, actor=request.user, attachment_id=attachment.pk)
    attempt(request, delete, done=_("Deleted: %(name)s.") % {"name": attachment.name})
    return back(request, "demand_detail", attachment.demand_id)
