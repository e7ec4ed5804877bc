"""All routes: pages, API and admin."""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialApp, SocialToken
from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularSwaggerSplitView

import accounts.api
import accounts.audit.api
import accounts.audit.portal
import accounts.credentials.api
import accounts.credentials.oauth
import accounts.credentials.portal
import accounts.portal
import matching.agreements.api
import matching.agreements.portal
import matching.chains.api
import matching.chains.portal
import matching.disclosure.api
import matching.disclosure.portal
import matching.feeds.api
import matching.feeds.portal
import matching.floor.api
import matching.floor.portal
import matching.http.portal
import matching.invitations.api
import matching.invitations.portal
import matching.joining.api
import matching.joining.portal
import matching.lists.api
import matching.lists.portal
import matching.meetings.api
import matching.meetings.portal
import matching.memory.api
import matching.memory.portal
import matching.notices.api
import matching.notices.portal
import matching.overview.api
import matching.overview.portal
import matching.papers.api
import matching.papers.portal
import matching.people.api
import matching.people.portal
import matching.review.api
import matching.review.portal
import matching.runs.api
import matching.runs.portal
import matching.uploads.api
import matching.uploads.portal
from chainmatch.health import health
from matching.http.description import DescriptionView
from matching.http.guarding import Router

# Second factors are reset on their own page; a sign-in service is named in the environment, not in a table
# that would keep its secret in the clear.
for ways_in in (Authenticator, SocialApp, SocialToken):
    admin.site.unregister(ways_in)

ROOMS_API = (
    accounts.api,
    accounts.audit.api,
    accounts.credentials.api,
    matching.chains.api,
    matching.disclosure.api,
    matching.people.api,
    matching.joining.api,
    matching.lists.api,
    matching.uploads.api,
    matching.memory.api,
    matching.runs.api,
    matching.review.api,
    matching.floor.api,
    matching.agreements.api,
    matching.meetings.api,
    matching.invitations.api,
    matching.papers.api,
    matching.feeds.api,
    matching.notices.api,
    matching.overview.api,
)
ROOMS_PORTAL = (
    accounts.portal,
    accounts.audit.portal,
    accounts.credentials.portal,
    matching.http.portal,
    matching.chains.portal,
    matching.disclosure.portal,
    matching.people.portal,
    matching.joining.portal,
    matching.lists.portal,
    matching.uploads.portal,
    matching.memory.portal,
    matching.runs.portal,
    matching.review.portal,
    matching.agreements.portal,
    matching.meetings.portal,
    matching.invitations.portal,
    matching.floor.portal,
    matching.papers.portal,
    matching.feeds.portal,
    matching.notices.portal,
    matching.overview.portal,
)

handler404 = "matching.http.problems.not_found"

router = Router()
for room in ROOMS_API:
    for prefix, viewset, basename in room.routes:
        router.register(prefix, viewset, basename=basename)

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("", include(accounts.credentials.oauth)),
    path("api/v1/", include(router.urls)),
    path("api/schema/", DescriptionView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api_docs"),
    path("healthz", health, name="health"),
]
for pages in ROOMS_PORTAL:
    urlpatterns += pages.urlpatterns
