"""Pages of signing meetings."""

from __future__ import annotations

from django.urls import path

from matching.meetings.portal.appointments import appointment_list, appointment_move, appointment_pin
from matching.meetings.portal.availability import absence_delete, availability
from matching.meetings.portal.drafts import draft_act, draft_detail, draft_new, draft_progress
from matching.meetings.portal.meetings import meeting_act, meeting_detail, meeting_list, meeting_propose
from matching.meetings.portal.rules import rule_edit, rule_list

urlpatterns = [
    path("meetings/", meeting_list, name="meeting_list"),
    path("meetings/rules/", rule_list, name="rule_list"),
    path("meetings/rules/<slug:chain>/", rule_edit, name="rule_edit"),
    path("meetings/propose/<slug:chain>/", meeting_propose, name="meeting_propose"),
    path("meetings/drafts/<uuid:pk>/", draft_detail, name="draft_detail"),
    path("meetings/drafts/<uuid:pk>/progress/", draft_progress, name="draft_progress"),
    path("meetings/drafts/<uuid:pk>/act/", draft_act, name="draft_act"),
    path("meetings/<uuid:pk>/", meeting_detail, name="meeting_detail"),
    path("meetings/<uuid:pk>/act/", meeting_act, name="meeting_act"),
    path("meetings/<uuid:pk>/change/", draft_new, name="draft_new"),
    path("appointments/", appointment_list, name="appointment_list"),
    path("appointments/<uuid:pk>/move/", appointment_move, name="appointment_move"),
    path("appointments/<uuid:pk>/pin/", appointment_pin, name="appointment_pin"),
    path("availability/", availability, name="availability"),
    path("availability/<uuid:pk>/delete/", absence_delete, name="absence_delete"),
]
