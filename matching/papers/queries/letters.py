"""Letters of intent: the built-in template, and what a letter says of a pair."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from matching.documents import word
from matching.documents.letters import NAMES, Placeholder
from matching.documents.paper import Paper, Text, plain
from matching.papers.models import LetterTemplate
from matching.papers.queries.facts import Facts, day, language
from matching.papers.queries.seats import Seat


def template_of(chain: str) -> bytes:
    """The chain's own template as a file, or the built-in one; one query."""
    own = LetterTemplate.objects.filter(chain_id=chain).first()
    if own is None:
        return built_in()
    with own.file.open("rb") as file:
        return bytes(file.read())


def built_in() -> bytes:
    """The letter that offices may begin from; its placeholders are in the language of its words."""
    told = {placeholder.name: f"{{{{ {_name(placeholder)} }}}}" for placeholder in Placeholder}
    amount = _("The quantity intended is %(QUANTITY)s %(UNIT)s a month.") % told
    blocks = (
        *(Text(line % told, flush=True) for line in _parties()),
        Text(_agreed() % told),
        Text(f"{{% if {_name(Placeholder.QUANTITY)} %}}{amount}{{% endif %}}"),
        *(Text(line % told) for line in _terms()),
        *(Text(line % told, flush=True) for line in _signatures()),
    )
    title = _("Letter of intent on supply within the %(CHAIN)s chain") % told
    return word.write(Paper(title=title, blocks=blocks, language=language()))


def _parties() -> tuple[str, ...]:
    return (
        _("No. %(NUMBER)s"),
        _("Demand side (A): %(BUYER)s, credit code %(BUYER_CODE)s, %(BUYER_PLACE)s"),
        _("Supply side (B): %(SELLER)s, credit code %(SELLER_CODE)s, %(SELLER_PLACE)s"),
    )


def _agreed() -> str:
    return _(
        "At “%(MEETING)s” both sides agreed, of their own will and for mutual benefit, on the intent to work"
        " together on %(WANTED)s of the %(CHAIN)s chain, supplied as %(OFFERED)s."
    )


def _terms() -> tuple[str, ...]:
    return (
        _("Price, quality, delivery and payment are agreed in a contract, which this letter is not."),
        _("Both sides keep secret what they learn of each other's business."),
        _("Each side keeps one copy; one stays with the organiser, %(ISSUER)s."),
    )


def _signatures() -> tuple[str, ...]:
    return (
        _("A (seal): ____________    Signed: ____________"),
        _("B (seal): ____________    Signed: ____________"),
        _("%(DATE)s, %(PLACE)s"),
    )


def _name(placeholder: Placeholder) -> str:
    return placeholder.value if language() == "en" else NAMES[placeholder]


def values(facts: Facts, seat: Seat) -> dict[Placeholder, str]:
    """What a letter says of a pair. No price, ceiling or capacity: the parties write them in."""
    meeting = facts.meeting
    return {
        Placeholder.BUYER: seat.buyer.name,
        Placeholder.BUYER_CODE: seat.buyer.uscc,
        Placeholder.BUYER_PLACE: facts.places.get(seat.buyer.region, ""),
        Placeholder.SELLER: seat.seller.name,
        Placeholder.SELLER_CODE: seat.seller.uscc,
        Placeholder.SELLER_PLACE: facts.places.get(seat.seller.region, ""),
        Placeholder.WANTED: seat.buyer.product,
        Placeholder.OFFERED: seat.seller.product,
        Placeholder.QUANTITY: _amount(seat.quantity),
        Placeholder.UNIT: seat.unit,
        Placeholder.CHAIN: meeting.chain.name,
        Placeholder.MEETING: facts.title,
        Placeholder.DATE: day(meeting.date),
        Placeholder.PLACE: meeting.venue.name,
        Placeholder.ISSUER: facts.head.issuer,
        Placeholder.NUMBER: f"{meeting.date:%Y%m%d}-{place_and_time(seat)}",
    }


def letter_name(seat: Seat) -> str:
    """Which letter it is, as part of a file's name."""
    return plain(f"{place_and_time(seat)}-{seat.buyer.name}-{seat.seller.name}")


def place_and_time(seat: Seat) -> str:
    """Table and slot: once at a meeting, and it tells a firm nothing of the others, as counting would."""
    return f"{seat.table:02d}{seat.slot + 1:02d}"


def _amount(quantity: Decimal) -> str:
    return format(quantity.normalize(), "f") if quantity else ""
