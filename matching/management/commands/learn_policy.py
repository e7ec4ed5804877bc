"""``manage.py learn_policy``: learn a chain's weights from its decisions and propose them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from matching import kinds
from matching.agreements.services import Learnt, learn_policy
from matching.chains.models import Chain
from matching.engine.learning import LEAST_DECISIONS, LEAST_DEMANDS, LEAST_OF_A_KIND, Figure, Lesson, Verdict
from matching.runs.words import CRITERIA, MEASURES, SOURCES, VERDICTS

LANGUAGES = {"zh": "zh-hans", "en": "en"}


class Command(BaseCommand):
    """Idempotent: the same decisions propose the same rules, once."""

    help = (
        "Fit the weights of a chain's criteria to what its office and the firms decided and to what came of "
        "it, report the gain on held-out decisions, and propose a new version of the rules where it is "
        "clear. A person adopts it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The chain, and how to report."""
        parser.add_argument("chain", help="code of the chain, for example photovoltaic")
        parser.add_argument("--kind", default="product", choices=[code for code, _name in kinds.choices()])
        parser.add_argument("--dry-run", action="store_true", help="report only, propose nothing")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of the report")
        default = "en" if settings.LANGUAGE_CODE.startswith("en") else "zh"
        parser.add_argument("--lang", default=default, choices=list(LANGUAGES), help="of the report")

    def handle(self, *args: Any, **options: Any) -> None:
        """Learn, propose, report."""
        if not Chain.objects.filter(pk=options["chain"]).exists():
            raise CommandError(f"there is no chain “{options['chain']}”")
        learnt = learn_policy(chain_id=options["chain"], kind=options["kind"], dry_run=options["dry_run"])
        if options["json"]:
            self.stdout.write(msgspec.json.encode(as_data(learnt)).decode())
            return
        with translation.override(LANGUAGES[options["lang"]]):
            self.stdout.write("\n".join(report(learnt)))


def as_data(learnt: Learnt) -> dict[str, Any]:
    """The report as plain data."""
    proposal = learnt.proposal
    return {
        "chain": learnt.base.chain_id,
        "kind": learnt.base.kind,
        "version": learnt.base.number,
        "decisions": learnt.lesson.decisions,
        **msgspec.to_builtins(learnt.lesson),
        "proposal": None if proposal is None else {"id": str(proposal.pk), "state": proposal.state},
    }


def report(learnt: Learnt) -> Iterator[str]:
    """The report in the language that is active, line by line."""
    lesson = learnt.lesson
    yield _("%(chain)s: rules, version %(number)d") % {
        "chain": learnt.base.chain.name,
        "number": learnt.base.number,
    }
    yield _(
        "%(decisions)d decisions (%(wanted)d wanted, %(unwanted)d unwanted) on %(demands)d demand lines, "
        "%(mixed)d of them with both kinds."
    ) % {
        "decisions": lesson.decisions,
        "wanted": lesson.wanted,
        "unwanted": lesson.unwanted,
        "demands": lesson.demands,
        "mixed": lesson.mixed,
    }
    yield from _sources(lesson)
    yield from _weights(lesson)
    yield from _figures(lesson)
    yield ""
    yield str(VERDICTS[lesson.verdict])
    if lesson.verdict is Verdict.TOO_FEW:
        yield _(
            "Needed: %(decisions)d decisions, at least %(kind)d of each kind, on %(demands)d demand lines."
        ) % {"decisions": LEAST_DECISIONS, "kind": LEAST_OF_A_KIND, "demands": LEAST_DEMANDS}
    if learnt.proposal is not None:
        yield _("Proposal %(id)s: %(state)s") % {
            "id": learnt.proposal.pk,
            "state": learnt.proposal.get_state_display(),
        }


def _sources(lesson: Lesson) -> Iterator[str]:
    if lesson.sources:
        yield ""
        yield _("Newest that is known of a pair: examples, and what they count for")
    for share in lesson.sources:
        yield f"  {share.examples:>5}  {share.weight / 100:>7.1f}  {SOURCES[share.source]}"


def _weights(lesson: Lesson) -> Iterator[str]:
    if lesson.weights:
        yield ""
        yield _("Weights: present → learnt")
    for change in lesson.weights:
        kept = "" if change.evidence else "  " + _("(no evidence, kept)")
        yield f"  {change.before:>4} → {change.after:<4} {CRITERIA[change.criterion]}{kept}"


def _figures(lesson: Lesson) -> Iterator[str]:
    if lesson.figures:
        yield ""
        yield _("On held-out decisions: present → learnt (gain ± spread; surely above)")
    yield from map(_figure, lesson.figures)


def _figure(one: Figure) -> str:
    values = f"{one.present / 100:.1f} → {one.learnt / 100:.1f}"
    gain = f"{one.gain / 100:+.1f} ± {one.spread / 100:.1f}; {one.least / 100:+.1f}"
    return f"  {values}  ({gain}; n = {one.parts})  {MEASURES[one.measure]}"
