"""Pages of rounds and of the two lists."""

from __future__ import annotations

from typing import Any

from django.urls import path

from matching.lists.portal.attachments import attachment_add, attachment_delete, attachment_download
from matching.lists.portal.bulk import line_bulk
from matching.lists.portal.editing import line_create, line_edit, node_options, row_blank, understood
from matching.lists.portal.lines import line_act, line_detail, line_list
from matching.lists.portal.quick import line_copy, line_quick, line_row
from matching.lists.portal.recognition import recognised, recognised_add
from matching.lists.portal.round_page import round_detail, round_extend, round_remind
from matching.lists.portal.rounds import round_act, round_list, round_plan
from matching.lists.portal.sheets import list_export, list_template
from matching.lists.portal.sides import DEMAND, SUPPLY, ListSide
from matching.lists.portal.similar import line_similar
from matching.lists.portal.verification import verification


def _side_urls(side: ListSide) -> list[Any]:
    root, only = f"lists/{side.name}/", {"side": side}
    return [
        path(root, line_list, only, name=f"{side.name}_list"),
        path(f"{root}new/", line_create, only, name=f"{side.name}_create"),
        path(f"{root}similar/", line_similar, only, name=f"{side.name}_similar"),
        path(f"{root}template/", list_template, only, name=f"{side.name}_template"),
        path(f"{root}export/", list_export, only, name=f"{side.name}_export"),
        path(f"{root}bulk/", line_bulk, only, name=f"{side.name}_bulk"),
        path(f"{root}<uuid:pk>/", line_detail, only, name=f"{side.name}_detail"),
        path(f"{root}<uuid:pk>/edit/", line_edit, only, name=f"{side.name}_edit"),
        path(f"{root}<uuid:pk>/quick/", line_quick, only, name=f"{side.name}_quick"),
        path(f"{root}<uuid:pk>/row/", line_row, only, name=f"{side.name}_row"),
        path(f"{root}<uuid:pk>/copy/", line_copy, only, name=f"{side.name}_copy"),
        path(f"{root}<uuid:pk>/act/", line_act, only, name=f"{side.name}_act"),
    ]


urlpatterns = [
    *_side_urls(DEMAND),
    *_side_urls(SUPPLY),
    path("lists/demand/<uuid:pk>/attachments/", attachment_add, name="attachment_add"),
    path("attachments/<uuid:pk>/", attachment_download, name="attachment_download"),
    path("attachments/<uuid:pk>/delete/", attachment_delete, name="attachment_delete"),
    path("lists/nodes/", node_options, name="node_options"),
    path("lists/rows/<slug:name>/", row_blank, name="row_blank"),
    path("lists/understood/<slug:name>/", understood, name="understood"),
    path("lists/recognised/<slug:name>/", recognised, name="recognised"),
    path("lists/recognised/<slug:name>/add/", recognised_add, name="recognised_add"),
    path("verification/", verification, name="verification"),
    path("rounds/", round_list, name="round_list"),
    path("rounds/new/", round_plan, name="round_plan"),
    path("rounds/<uuid:pk>/", round_detail, name="round_detail"),
    path("rounds/<uuid:pk>/act/", round_act, name="round_act"),
    path("rounds/<uuid:pk>/remind/", round_remind, name="round_remind"),
    path("rounds/<uuid:pk>/extend/", round_extend, name="round_extend"),
]
