"""Which papers a pack holds, in which folder, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from itertools import islice
from typing import TypeVar

from django.utils.translation import gettext as _

from matching.documents import letters, word
from matching.documents.paper import Block, Break, Paper, plain
from matching.papers.queries import Facts, summary
from matching.papers.queries.facts import language
from matching.papers.queries.letters import letter_name, template_of, values
from matching.papers.queries.lists import counts, workbooks
from matching.papers.queries.notice import agenda, notice
from matching.papers.queries.seats import Party, Seat
from matching.papers.queries.tables import own_days, participants, seating, signing_table, table_plan
from matching.papers.services import summing
from matching.papers.services.printing import print_out

T = TypeVar("T")
LETTERS_A_FILE = 100
FIRMS_A_FILE = 50
_NOT_IN_NAMES = str.maketrans(dict.fromkeys('\\/:*?"<>|', " "))


@dataclass(frozen=True, slots=True)
class Piece:
    """A file of the archive; ``make`` is called when its turn comes."""

    name: str
    make: Callable[[], bytes]


def pieces(facts: Facts) -> list[Piece]:
    """All files of a pack in their order; none is made yet."""
    office, handed, signed = _("1 For the office"), _("2 To hand out"), _("3 Letters of intent")
    told = [
        (handed, _("1 Notice"), partial(notice, facts)),
        (handed, _("2 Agenda"), partial(agenda, facts)),
        (handed, _("3 Participants"), partial(participants, facts, contacts=False)),
        (handed, _("4 Table plan"), partial(seating, facts)),
        (handed, _("5 The three lists, in numbers"), partial(counts, facts)),
        (office, _("1 Participants with contacts"), partial(participants, facts, contacts=True)),
        (office, _("2 Table plan, all appointments"), partial(table_plan, facts)),
        (office, _("3 Signing table"), partial(signing_table, facts)),
    ]
    found = [piece for folder, name, paper in told for piece in _both(folder, name, paper)]
    for number, (name, write) in enumerate(workbooks(facts), start=4):
        found.append(Piece(file_name(office, f"{number} {name}.xlsx"), partial(_written, write)))
    found += _days(facts, office)
    found += _afterwards(facts, office)
    found += _letters(facts, signed)
    return sorted(found, key=lambda piece: piece.name)


def _both(folder: str, name: str, paper: Callable[[], Paper]) -> Iterator[Piece]:
    yield Piece(file_name(folder, f"{name}.docx"), lambda: word.write(paper()))
    yield Piece(file_name(folder, f"{name}.pdf"), lambda: print_out(paper()))


def _written(write: Callable[[BytesIO], object]) -> bytes:
    out = BytesIO()
    write(out)
    return out.getvalue()


def _days(facts: Facts, folder: str) -> Iterator[Piece]:
    firms = [*facts.buyers, *facts.sellers]
    for number, some in _parts(firms, FIRMS_A_FILE):
        name = _("Agendas of the firms %(number)d.pdf") % {"number": number}
        yield Piece(file_name(folder, f"8 {name}"), partial(_printed_days, facts, some))


def _printed_days(facts: Facts, firms: list[Party]) -> bytes:
    return print_out(own_days(facts, firms))


def _afterwards(facts: Facts, folder: str) -> Iterator[Piece]:
    """Once something came of the meeting: its summary and the figures that offices report."""
    if not summary.has_results(facts.meeting):
        return
    extent = summary.Extent(meeting=facts.meeting)
    name = _("9 Summary of demand and supply")
    yield from _both(folder, name, partial(summing.summary_of, extent))
    yield Piece(file_name(folder, f"{name}.xlsx"), partial(_written, partial(summing.write, extent)))
    yield from _both(folder, _("10 Figures of the meeting"), partial(summing.figures_of, extent))


def _letters(facts: Facts, folder: str) -> Iterator[Piece]:
    if not facts.seats:
        return
    template = template_of(facts.meeting.chain_id)
    for seat in facts.seats:
        told = values(facts, seat)
        yield Piece(file_name(folder, letter_name(seat), ".docx"), partial(letters.fill, template, told))
    for number, some in _parts(facts.seats, LETTERS_A_FILE):
        name = _("All letters %(number)d.pdf") % {"number": number}
        yield Piece(file_name(folder, name), partial(_printed_letters, facts, template, some))


def _printed_letters(facts: Facts, template: bytes, some: list[Seat]) -> bytes:
    return printed_letters(template, [values(facts, seat) for seat in some])


def printed_letters(template: bytes, told: Sequence[dict[letters.Placeholder, str]]) -> bytes:
    """Letters one after the other as one .pdf, each on a page of its own."""
    blocks: list[Block] = []
    for one in told:
        blocks += [*letters.as_blocks(letters.fill(template, one)), Break()]
    return print_out(letters.paper_of(tuple(blocks[:-1]), language()))


def _parts(items: Sequence[T], size: int) -> Iterator[tuple[int, list[T]]]:
    rest = iter(items)
    number = 0
    while some := list(islice(rest, size)):
        number += 1
        yield number, some


def file_name(folder: str, name: str, ending: str = "") -> str:
    """A path in an archive that every system takes."""
    return f"{folder}/{plain(name).translate(_NOT_IN_NAMES)[:100]}{ending}".removeprefix("/")
