"""Why an appointment moves, and why a plan is not possible, in words for people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

CAUSES = {
    "withdrawn": _("The pair was withdrawn or left out."),
    "away": _("One of them can't come at that time."),
    "shut": _("The table or the slot is not to be had."),
    "pinned": _("It was given a place of its own."),
    "interpreter": _("There is no interpreter."),
    "made_room": _("It makes room for others."),
    "together": _("Its presentation is at another time or table."),
    "other_room": _("The table changes, the time stays."),
}
PROBLEMS = {
    "no_table": _("No table would be left."),
    "venue_closed": _("The venue is no longer in use."),
    "too_long": _("The last slot would end after midnight."),
    "day_has_begun": _("The day has begun; its times and its venue stay."),
    "plan_refused": _("The plan failed its check. Please compute it again or tell the administrator."),
}
