"""Lines made ready for comparison: what every comparison would otherwise compute again."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property, lru_cache, partial
from typing import NamedTuple

from matching.engine import units
from matching.engine.conditions.numbers import Finding, Span, span_of
from matching.engine.conditions.words import compare_words, same_certificate, words_of
from matching.engine.text import GlossaryIndex, editions_in, parameter_key, standard_key, standards_in, tokens
from matching.engine.types import Offer, Property, Requirement

_REMEMBERED = 1 << 16


class Reader:
    """One glossary's way of reading lines; remembers what recurs in many of them.

    What it remembers only saves time: two readers of one glossary read alike.
    """

    def __init__(self, glossary: GlossaryIndex) -> None:
        self.glossary = glossary
        remember = lru_cache(_REMEMBERED)
        self.measure = remember(partial(units.measure, aliases=glossary.units))
        self.parameter = remember(partial(parameter_key, glossary=glossary))
        self.standard = remember(standard_key)
        self.rate = remember(partial(units.convert, Decimal(1), aliases=glossary.units))
        self.certificate = remember(partial(same_certificate, glossary=glossary))
        self._words = remember(partial(compare_words, glossary=glossary))

    def offer(self, offer: Offer) -> ReadyOffer:
        """An offer keyed for look-up."""
        return ReadyOffer(offer, self)

    def span(self, side: Requirement | Property) -> Span | None:
        """The ends of a numeric statement in base units; None where it states none."""
        if side.low is None and side.high is None:
            return None
        return span_of(side, self.measure(side.unit))

    def words(self, wanted: tuple[str, ...], offered: tuple[str, ...], element: bool) -> Finding:
        """As ``compare_words``."""
        return self._words(wanted, offered, element)

    def convert(self, value: Decimal, unit: str, to: str) -> Decimal | None:
        """``value`` of ``unit`` expressed in ``to``; None where the two cannot be compared."""
        return units.convert(value, unit, to, self.glossary.units)


class Stated(NamedTuple):
    """A property with its ends in base units and its words."""

    property: Property
    span: Span | None
    words: tuple[str, ...]


class ReadyOffer:
    """An offer with its properties, standards and words keyed for look-up, each when first asked for."""

    def __init__(self, offer: Offer, reader: Reader) -> None:
        self.offer = offer
        self._reader = reader

    @cached_property
    def properties(self) -> Mapping[str, tuple[Stated, ...]]:
        """Stated properties by the key of their parameter, in their order."""
        found: dict[str, tuple[Stated, ...]] = {}
        for stated in self.offer.properties:
            key = self._reader.parameter(stated.parameter)
            held = Stated(stated, self._reader.span(stated), words_of(stated))
            found[key] = (*found.get(key, ()), held)
        return found

    @cached_property
    def standards(self) -> frozenset[str]:
        """Keys of the standards that the offer lists or mentions."""
        listed = {self._reader.standard(standard) for standard in self.offer.standards}
        return frozenset(listed.union(standards_in(self._text)))

    @cached_property
    def editions(self) -> Mapping[str, int]:
        """The newest year that the offer names of each standard."""
        return editions_in(" ; ".join((*self.offer.standards, self._text)))

    @cached_property
    def words(self) -> frozenset[str]:
        """Tokens of title and description, of two characters or more."""
        found = tokens(self._text, self._reader.glossary)
        return frozenset(token for token in found if len(token) > 1)

    @cached_property
    def free(self) -> tuple[str, Decimal]:
        """Free capacity in base units; 0 where none is stated."""
        return self._in_base(self.offer.free_capacity)

    @cached_property
    def minimum(self) -> tuple[str, Decimal]:
        """Minimum order in base units; 0 where none is stated."""
        return self._in_base(self.offer.minimum_order)

    def _in_base(self, value: Decimal | None) -> tuple[str, Decimal]:
        measured = self._reader.measure(self.offer.unit)
        return measured.base, measured.to_base(value or Decimal(0))

    @property
    def _text(self) -> str:
        return f"{self.offer.title} ; {self.offer.description}"
