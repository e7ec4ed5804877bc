"""Pages of the day of a meeting."""

from __future__ import annotations

from django.urls import path

from matching.floor.portal.board import floor_board, floor_wall, sitting_step
from matching.floor.portal.desk import floor_arrive, floor_card, floor_desk, floor_pass, floor_picture
from matching.floor.portal.replanning import floor_replan
from matching.floor.portal.results import outcome_record
from matching.floor.portal.walk_ins import floor_walk_ins

urlpatterns = [
    path("meetings/<uuid:pk>/floor/", floor_board, name="floor_board"),
    path("meetings/<uuid:pk>/floor/wall/", floor_wall, name="floor_wall"),
    path("meetings/<uuid:pk>/desk/", floor_desk, name="floor_desk"),
    path("meetings/<uuid:pk>/desk/arrive/", floor_arrive, name="floor_arrive"),
    path("meetings/<uuid:pk>/desk/replan/", floor_replan, name="floor_replan"),
    path("meetings/<uuid:pk>/desk/walk-ins/", floor_walk_ins, name="floor_walk_ins"),
    path("meetings/<uuid:pk>/pass/", floor_pass, name="floor_pass"),
    path("passes/<str:token>/", floor_card, name="floor_card"),
    path("passes/<str:token>/picture.svg", floor_picture, name="floor_picture"),
    path("appointments/<uuid:pk>/step/", sitting_step, name="sitting_step"),
    path("appointments/<uuid:pk>/result/", outcome_record, name="outcome_record"),
]
