"""Pages of what came of matches: progress, agreements, supervision."""

from django.urls import path

from matching.agreements.portal.agreements import (
    agreement_act,
    agreement_correct,
    agreement_create,
    agreement_file,
    agreement_file_add,
    agreement_file_delete,
)
from matching.agreements.portal.orders import (
    follow_up_rule_edit,
    follow_up_rule_list,
    order_act,
    order_detail,
    order_list,
)
from matching.agreements.portal.progress import (
    progress_act,
    progress_detail,
    progress_export,
    progress_list,
)

__all__ = ("urlpatterns",)

urlpatterns = [
    path("progress/", progress_list, name="progress_list"),
    path("progress/export/", progress_export, name="progress_export"),
    path("progress/rules/", follow_up_rule_list, name="follow_up_rule_list"),
    path("progress/rules/<slug:chain>/", follow_up_rule_edit, name="follow_up_rule_edit"),
    path("progress/<uuid:pk>/", progress_detail, name="progress_detail"),
    path("progress/<uuid:pk>/act/", progress_act, name="progress_act"),
    path("progress/<uuid:pk>/new/", agreement_create, name="agreement_create"),
    path("agreements/<uuid:pk>/act/", agreement_act, name="agreement_act"),
    path("agreements/<uuid:pk>/correct/", agreement_correct, name="agreement_correct"),
    path("agreements/<uuid:pk>/files/", agreement_file_add, name="agreement_file_add"),
    path("agreement-files/<uuid:pk>/", agreement_file, name="agreement_file"),
    path("agreement-files/<uuid:pk>/delete/", agreement_file_delete, name="agreement_file_delete"),
    path("supervision/", order_list, name="order_list"),
    path("supervision/<uuid:pk>/", order_detail, name="order_detail"),
    path("supervision/<uuid:pk>/act/", order_act, name="order_act"),
]
