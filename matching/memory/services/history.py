"""What offices tell from their own history: pairs that people agreed on before, or elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from matching import kinds
from matching.errors import Conflict, Forbidden, Invalid
from matching.lists.models import SupplyLine
from matching.memory import access
from matching.memory.models import LONGEST, LONGEST_PRODUCT, Confirmation, Source, same_words
from matching.memory.states import ConfirmationState

BATCH = 1000
_Key = tuple[str, str]
_DAY = re.compile(r"((?:19|20)[0-9]{2})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_no_null = ProhibitNullCharactersValidator()


@dataclass(frozen=True, slots=True)
class PastPair:
    """Words of a need, and the supply line that people agreed was meant by them.

    ``product`` is the offer's name at that time; empty says that it is the line's present one.
    ``confirmed_on`` is a day as people write it (2024-03-01, 2024/3/1, 2024年3月1日); empty says that it
    is not known: today's is written down.
    """

    text: str
    uscc: str
    line: str
    product: str = ""
    confirmed_on: str = ""


class Outcome(StrEnum):
    """What becomes of one pair that is told."""

    REMEMBERED = "remembered"
    KNOWN = "known"
    REVOKED = "revoked"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one pair; ``field`` and ``problem`` are empty unless it was refused."""

    outcome: Outcome
    field: str = ""
    problem: str = ""
    confirmation: Confirmation | None = None


def refuse_strangers(actor: User) -> None:
    """Raise ``Forbidden`` for whoever is no chain's office."""
    if not access.keeps_some_memory(actor):
        raise Forbidden(_("Only a chain's office tells what was confirmed."), code="not_your_chain")


def remember(*, actor: User, pair: PastPair, kind: str = kinds.PRODUCT.code) -> Confirmation:
    """Remember one pair on the word of the chain's office, also one that was revoked before.

    Raises ``Forbidden``, ``Invalid``, and ``Conflict`` where the office has told it already.
    """
    [told] = remember_history(actor=actor, pairs=[pair], kind=kind, anew=True)
    if told.outcome == Outcome.REFUSED:
        raise Invalid({told.field: [told.problem]})
    if told.confirmation is None:
        raise Conflict(_("This is remembered already."), code="remembered_already")
    return told.confirmation


@transaction.atomic
def remember_history(
    *,
    actor: User,
    pairs: Sequence[PastPair],
    kind: str = kinds.PRODUCT.code,
    anew: bool = False,
    dry_run: bool = False,
) -> list[Told]:
    """Remember pairs from the office's records, each for itself; tells what became of each, in order.

    A pair whose words were revoked for that offer stays out unless ``anew``; one that the office has
    told already changes nothing. With ``dry_run`` nothing is written. Side effects: the supply lines stay
    locked to the end of the transaction; what is remembered counts from the next run on. Raises
    ``Forbidden`` for whoever is no chain's office.
    """
    refuse_strangers(actor)
    teller = _Teller(actor, _lines(actor, pairs, kind), anew)
    told = [teller.tell(pair) for pair in pairs]
    if not dry_run:
        new = [one.confirmation for one in told if one.confirmation is not None]
        Confirmation.objects.bulk_create(new, batch_size=BATCH)
    return told


def _lines(actor: User, pairs: Sequence[PastPair], kind: str) -> dict[_Key, SupplyLine]:
    """Lines that the pairs name and whose chain's memory the person keeps, locked."""
    wanted = {_key(pair) for pair in pairs}
    firms = sorted({uscc for uscc, _line in wanted if "\0" not in uscc})
    chains = access.kept_chains(actor)
    found: dict[_Key, SupplyLine] = {}
    for first in range(0, len(firms), BATCH):
        lines = SupplyLine.objects.visible_to(actor).filter(
            kind=kind, organisation__uscc__in=firms[first : first + BATCH]
        )
        if chains is not None:
            lines = lines.filter(chain_id__in=chains)
        for line in lines.select_related("organisation"):
            key = (line.organisation.uscc or "", line.key)
            if key in wanted:
                found[key] = line
    ids = [line.pk for line in found.values()]
    ordered = SupplyLine.objects.filter(pk__in=ids).order_by("organisation_id", "key")
    fresh = {line.pk: line for line in ordered.select_for_update(no_key=True)}
    return {key: fresh[line.pk] for key, line in found.items()}


def _key(pair: PastPair) -> _Key:
    return pair.uscc.strip().upper(), pair.line.strip()


class _Teller:
    """Decides on one pair after the other; the lines are locked, so nobody else tells of them."""

    def __init__(self, actor: User, lines: dict[_Key, SupplyLine], anew: bool) -> None:
        self._actor, self._lines, self._today = actor, lines, timezone.localdate()
        ids = [line.pk for line in lines.values()]
        known = Confirmation.objects.filter(supply__in=ids)
        self._standing = set(
            known.filter(state=ConfirmationState.STANDING, source=Source.OFFICE).values_list(
                "chain_id", "supply_id", "text_key", "product_key"
            )
        )
        revoked = known.filter(state=ConfirmationState.REVOKED)
        self._revoked = set() if anew else set(revoked.values_list("chain_id", "supply_id", "text_key"))

    def tell(self, pair: PastPair) -> Told:
        """What becomes of the pair."""
        try:
            new = self._confirmation(pair)
        except Invalid as invalid:
            [(field, problems)] = invalid.fields.items()
            return Told(Outcome.REFUSED, field, " ".join(problems))
        words = (new.chain_id, new.supply_id, new.text_key)
        if (*words, new.product_key) in self._standing:
            return Told(Outcome.KNOWN)
        if words in self._revoked:
            return Told(Outcome.REVOKED)
        self._standing.add((*words, new.product_key))
        return Told(Outcome.REMEMBERED, confirmation=new)

    def _confirmation(self, pair: PastPair) -> Confirmation:
        line = self._lines.get(_key(pair))
        if line is None:
            raise Invalid({"line": [_("There is no such supply line in your chains.")]})
        text = _checked("text", pair.text, LONGEST)
        product = _checked("product", pair.product, LONGEST_PRODUCT) or line.title
        if not text:
            raise Invalid({"text": [_("The words of the need are missing.")]})
        return Confirmation(
            chain_id=line.chain_id,
            kind=line.kind,
            supply=line,
            text=text,
            product=product,
            text_key=same_words(text),
            product_key=same_words(product),
            source=Source.OFFICE,
            confirmed_on=self._day(pair.confirmed_on.strip()),
            confirmed_by=self._actor,
        )

    def _day(self, written: str) -> date:
        if not written:
            return self._today
        found = _DAY.fullmatch(written)
        try:
            day = date(*map(int, found.groups())) if found else None
        except ValueError:
            day = None
        if day is None:
            raise Invalid({"confirmed_on": [_("Write the day as 2024-03-01.")]})
        if day > self._today:
            raise Invalid({"confirmed_on": [_("This day is still to come.")]})
        return day


def _checked(field: str, written: str, longest: int) -> str:
    text = written.strip()
    try:
        MaxLengthValidator(longest)(text)
        _no_null(text)
    except ValidationError as error:
        raise Invalid({field: error.messages}) from error
    return text
