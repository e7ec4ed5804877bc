"""Pages of invitations, agendas and calendars."""

from django.urls import path

from matching.invitations.portal.calendars import calendar_address, calendar_feed, invitation_calendar
from matching.invitations.portal.invitations import (
    invitation_agenda,
    invitation_answer,
    invitation_answered,
    invitation_detail,
    invitation_list,
)
from matching.invitations.portal.offices import (
    answer_list,
    guest_invite,
    invitation_remind,
    invited_remind,
    table_cards,
)

urlpatterns = [
    path("invitations/", invitation_list, name="invitation_list"),
    path("invitations/answered/", invitation_answered, name="invitation_answered"),
    path("invitations/answer/<str:token>/", invitation_answer, name="invitation_answer"),
    path("invitations/<uuid:pk>/", invitation_detail, name="invitation_detail"),
    path("invitations/<uuid:pk>/remind/", invitation_remind, name="invitation_remind"),
    path("invitations/<uuid:pk>/agenda/", invitation_agenda, name="invitation_agenda"),
    path("invitations/<uuid:pk>/calendar.ics", invitation_calendar, name="invitation_calendar"),
    path("meetings/<uuid:pk>/invitations/", answer_list, name="answer_list"),
    path("meetings/<uuid:pk>/invitations/remind/", invited_remind, name="invited_remind"),
    path("meetings/<uuid:pk>/invitations/guests/", guest_invite, name="guest_invite"),
    path("meetings/<uuid:pk>/cards/", table_cards, name="table_cards"),
    path("calendar/", calendar_address, name="calendar_address"),
    path("calendar/<str:secret>.ics", calendar_feed, name="calendar_feed"),
]
