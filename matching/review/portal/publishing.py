"""The page that publishes a run's matches as they were reviewed."""

from __future__ import annotations

import uuid
from functools import partial

import msgspec
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.urls import path
from django.utils.translation import gettext as _

from matching.pages import PortalRequest, attempt, page, refuse_unless, see_other, show
from matching.review.queries import last_list, undecided
from matching.runs import access as run_access
from matching.runs import queries as run_queries
from matching.runs import services as run_services
from matching.runs.portal.runs import about, run_of
from matching.runs.states import RunState


@page("GET", "POST")
def run_publish(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """What publishing would change, and the button that does it."""
    run = run_of(request, pk)
    refuse_unless(run_access.can_run(request.user, run.round.chain_id))
    if request.method == "POST":
        published = attempt(
            request,
            partial(run_services.publish, actor=request.user, run_id=run.pk),
            done=_("The matching list is published."),
        )
        if published is not None:
            return see_other(resolve_url("published_detail", published.pk))
        return see_other(resolve_url("run_publish", run.pk))
    ready = run.state == RunState.FINISHED and not hasattr(run, "published")
    diff = run_queries.changes_in(run.pk, msgspec.to_builtins(run_services.preview(run))) if ready else None
    omitted = run_queries.left_out(run) if ready else run_queries.Omission()
    named = [line.key for _why, lines in omitted.groups for line in lines[: run_queries.DIFFERENCES]]
    return show(
        request,
        "runs/publish.html",
        {
            **about(request, run),
            "tab": "publish",
            "ready": ready,
            "round_open": run.round.state == "open",
            "diff": diff,
            "first": ready and last_list(run) is None,
            "undecided": undecided(run).count() if ready else 0,
            "titles": run_queries.titles_shown(diff),
            "left_out": omitted,
            "firms": run_queries.firm_names(named),
        },
    )


urlpatterns = [path("runs/<uuid:pk>/publish/", run_publish, name="run_publish")]
