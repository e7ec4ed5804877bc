"""Kinds of lists, each a declaration: its fields, parameters, default policy and words.

A kind is never a set of tables, pages or engines: lines of every kind share the columns of
``lists.models``; a kind says which of them it uses and adds its own as ``attributes``.
"""

from matching.kinds.completeness import Completeness, Missing, completeness, counted
from matching.kinds.declaration import FieldType, Kind, KindField, Label, ParameterHint, Telling
from matching.kinds.product import PRODUCT
from matching.kinds.registry import choices, get, register, registered

register(PRODUCT)

__all__ = (
    "PRODUCT",
    "Completeness",
    "FieldType",
    "Kind",
    "KindField",
    "Label",
    "Missing",
    "ParameterHint",
    "Telling",
    "choices",
    "completeness",
    "counted",
    "get",
    "register",
    "registered",
)
