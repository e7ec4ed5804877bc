"""Kinds of lists, each a declaration: its fields, parameters, default policy and words.

A kind is never a set of tables, pages or engines: lines of every kind share the columns of
``lists.models``; a kind says which of them it uses and adds its own as ``attributes``.
"""

from matching.kinds.declaration import FieldType, Kind, KindField, Label, ParameterHint
from matching.kinds.product import PRODUCT
from matching.kinds.registry import choices, get, register, registered

register(PRODUCT)

__all__ = (
    "PRODUCT",
    "FieldType",
    "Kind",
    "KindField",
    "Label",
    "ParameterHint",
    "choices",
    "get",
    "register",
    "registered",
)
