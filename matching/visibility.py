"""Querysets of rows that have no owner of their own: seen through their parent, or by their chain."""

from __future__ import annotations

from typing import ClassVar, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models

from accounts.models import User
from accounts.permits import Act, Permits

M = TypeVar("M", bound=models.Model)


class RowsOfParent(models.QuerySet[M]):
    """Rows that are seen by whoever sees one of their parents; ``parents`` names the foreign keys."""

    parents: ClassVar[tuple[str, ...]] = ()

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Rows of visible parents."""
        seen = models.Q(pk__in=[])
        for name in self.parents:
            parent = self.model._meta.get_field(name).related_model
            assert isinstance(parent, type)
            rows = parent._default_manager.all()
            seen |= models.Q(**{f"{name}__in": rows.visible_to(user)})  # type: ignore[attr-defined]
        return self.filter(seen)


class RowsOfDemand(RowsOfParent[M]):
    """Seen with the demand line."""

    parents = ("demand",)


class RowsOfSupply(RowsOfParent[M]):
    """Seen with the supply line."""

    parents = ("supply",)


class RowsOfLine(RowsOfParent[M]):
    """Seen with the demand line or the supply line that they belong to."""

    parents = ("demand", "supply")


class ChainRows(models.QuerySet[M]):
    """Rows that the model's ``permits`` give out by chain; ``chain_path`` leads to the chain's code."""

    chain_path: ClassVar[str] = "chain_id"

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Rows of the chains in which the person may view them."""
        permits: Permits = self.model.permits  # type: ignore[attr-defined]
        return self.filter(permits.within(user, Act.VIEW, chain=self.chain_path))


class ChainRowsOfDemand(ChainRows[M]):
    """By the chain of the demand line."""

    chain_path = "demand__chain_id"
