"""Reference data of the programme: chains and their nodes, the glossary, regions."""

from __future__ import annotations

from typing import Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permits import Act
from matching.chains.permits import REFERENCE


class BilingualName(models.Model):
    """A Chinese and an English name."""

    name_zh = models.CharField(_("Chinese name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=120)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language of the reader."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


M = TypeVar("M", bound=models.Model)


class ReferenceQuerySet(models.QuerySet[M]):
    """Reference data is for everybody who has signed in."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All rows; none for visitors."""
        return self.filter(REFERENCE.within(user, Act.VIEW))


class Chain(BilingualName):
    """A strategic industrial chain (产业链)."""

    code = models.SlugField(_("code"), primary_key=True, max_length=40)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("chain")
        verbose_name_plural = _("chains")
        ordering = ("position", "code")


class Stream(models.TextChoices):
    """Where in the chain a segment stands."""

    UPSTREAM = "upstream", _("Upstream")
    MIDSTREAM = "midstream", _("Midstream")
    DOWNSTREAM = "downstream", _("Downstream")


class NodeLevel(models.TextChoices):
    """Depth of a node in its chain's tree."""

    STREAM = "stream", _("Stream")
    SEGMENT = "segment", _("Segment")
    PRODUCT = "product", _("Product")


class ChainNode(BilingualName):
    """A node of a chain's tree (环节): stream → segment → product."""

    chain = models.ForeignKey(Chain, models.CASCADE, related_name="nodes", verbose_name=_("chain"))
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    level = models.CharField(_("level"), max_length=10, choices=NodeLevel.choices)
    code = models.SlugField(_("code"), max_length=60)
    path = ArrayField(models.CharField(max_length=60), verbose_name=_("path"))
    unit = models.CharField(_("unit"), max_length=20, blank=True, default="")
    position = models.PositiveIntegerField(_("position"), default=0)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("chain node")
        verbose_name_plural = _("chain nodes")
        ordering = ("chain__position", "position")
        constraints = [models.UniqueConstraint(fields=["chain", "code"], name="matching_node_code_in_chain")]


class GlossaryKind(models.TextChoices):
    """What a glossary entry teaches the normaliser."""

    SYNONYM = "synonym", _("Synonyms")
    GRADE = "grade", _("Equivalent grades")
    UNIT = "unit", _("Unit")


class GlossaryEntry(models.Model):
    """Words that mean the same, equivalent material grades, or a written form of a unit.

    ``words`` holds at least two words; of a unit, the written form and the unit it stands for.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=GlossaryKind.choices)
    chain = models.ForeignKey(
        Chain,
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("chain"),
        help_text=_("Empty: for all chains."),
    )
    words = ArrayField(models.CharField(max_length=80), verbose_name=_("words"))
    from_reference = models.BooleanField(_("reference data"), default=False, editable=False)
    is_active = models.BooleanField(_("active"), default=True)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("glossary entry")
        verbose_name_plural = _("glossary")
        ordering = ("kind", "words")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "chain", "words"], name="matching_glossary_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return " = ".join(self.words)

    def clean(self) -> None:
        """At least two different words; a unit has exactly two."""
        words = list(dict.fromkeys(word.strip() for word in self.words or [] if word.strip()))
        if len(words) < 2:
            raise ValidationError({"words": _("Write at least two different words.")})
        if self.kind == GlossaryKind.UNIT and len(words) != 2:
            raise ValidationError({"words": _("Write the written form and the unit it stands for.")})
        self.words = words


class RegionLevel(models.TextChoices):
    """Administrative levels of GB/T 2260."""

    PROVINCE = "province", _("Province")
    CITY = "city", _("City")
    COUNTY = "county", _("County")


class Region(models.Model):
    """An administrative division by its GB/T 2260 code: 2, 4 or 6 digits."""

    code = models.CharField(_("code"), primary_key=True, max_length=6)
    name = models.CharField(_("name"), max_length=60)
    level = models.CharField(_("level"), max_length=10, choices=RegionLevel.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name
