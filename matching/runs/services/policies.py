"""Verbs on policies: the numbered rules of a chain's runs. A version never changes; the newest counts."""

from __future__ import annotations

import uuid
from typing import Any

import msgspec
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from matching import kinds
from matching.engine.policies import Fault, faults, same
from matching.engine.types import Policy
from matching.errors import Conflict, Forbidden, Invalid
from matching.runs import access
from matching.runs.models import PolicyProposal, PolicyVersion
from matching.runs.queries import rules_of
from matching.runs.services.decided import hold_chain
from matching.runs.states import PROPOSAL, ProposalAction, ProposalState

NOTE_LENGTH = 200

_FAULTS: dict[Fault, Promise] = {
    Fault.UNKNOWN_CRITERION: _lazy("There is no such criterion."),
    Fault.WEIGHT: _lazy("A weight is a whole number from 0 to 1000."),
    Fault.NO_WEIGHT: _lazy("At least one criterion needs a weight."),
    Fault.BANDS: _lazy("Bands go down from A to C, between 100 and 0 points."),
    Fault.ABOVE_BANDS: _lazy("No match could reach this: it is above where band A begins."),
    Fault.SHARE: _lazy("Choose a value between 0 and 100 points."),
    Fault.REGION: _lazy("A region is a code of 2, 4 or 6 digits."),
    Fault.COUNT: _lazy("This number is too small or too large."),
}


def current_policy(*, chain_id: str, kind: str) -> PolicyVersion:
    """The newest policy of a chain; the kind's default becomes number 1 where there is none."""
    found = PolicyVersion.objects.filter(chain_id=chain_id, kind=kind).order_by("-number").first()
    if found is not None:
        return found
    default = msgspec.to_builtins(kinds.get(kind).policy)
    policy, _created = PolicyVersion.objects.get_or_create(
        chain_id=chain_id, kind=kind, number=1, defaults={"body": default}
    )
    return policy


def as_rules(body: dict[str, Any]) -> Policy:
    """The engine's policy from its JSON. Raises ``Invalid`` where a value has the wrong type."""
    try:
        return msgspec.convert(body, Policy, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid({"__all__": [str(error)]}) from error


@transaction.atomic
def adopt_rules(*, actor: User, chain_id: str, kind: str, rules: Policy, note: str = "") -> PolicyVersion:
    """Make these rules the chain's next version; runs that start from now on use it.

    Side effects: a proposal that was made for the version before is out of date. Raises ``Forbidden``;
    ``Invalid`` where the rules can't be used; ``Conflict`` where they are the current ones.
    """
    _refuse_stranger(actor, chain_id)
    hold_chain(chain_id)
    return _next_version(actor, chain_id, kind, rules, note)


@transaction.atomic
def restore_version(*, actor: User, version_id: uuid.UUID, note: str = "") -> PolicyVersion:
    """Make the rules of an old version the chain's next one. Side effects, refusals: as ``adopt_rules``."""
    version = PolicyVersion.objects.get(pk=version_id)
    return adopt_rules(
        actor=actor, chain_id=version.chain_id, kind=version.kind, rules=rules_of(version), note=note
    )


@transaction.atomic
def adopt_proposal(*, actor: User, proposal_id: uuid.UUID, note: str = "") -> PolicyProposal:
    """Make a proposal the chain's next version. Raises ``Forbidden``, or ``Conflict`` where it is closed."""
    proposal = _decided(actor, proposal_id, ProposalAction.ADOPT)
    rules = as_rules(proposal.body)
    proposal.version = _next_version(actor, proposal.chain_id, proposal.kind, rules, note)
    proposal.save()
    return proposal


@transaction.atomic
def reject_proposal(*, actor: User, proposal_id: uuid.UUID, reason: str = "") -> PolicyProposal:
    """Turn a proposal down; the same decisions will not propose it again. Raises as ``adopt_proposal``."""
    proposal = _decided(actor, proposal_id, ProposalAction.REJECT)
    proposal.reason = _text("reason", reason)
    proposal.save()
    return proposal


def supersede(proposals: Any) -> None:
    """Open proposals among ``proposals`` are out of date; the caller holds the chain."""
    target = PROPOSAL.target(ProposalState.OPEN, ProposalAction.SUPERSEDE)
    proposals.filter(state=ProposalState.OPEN).update(state=target)


def _decided(actor: User, proposal_id: uuid.UUID, action: ProposalAction) -> PolicyProposal:
    """The proposal with the decision written on it, unsaved; its chain is held."""
    chain_id = PolicyProposal.objects.values_list("chain_id", flat=True).get(pk=proposal_id)
    _refuse_stranger(actor, chain_id)
    hold_chain(chain_id)
    proposal = PolicyProposal.objects.get(pk=proposal_id)
    proposal.state = PROPOSAL.target(proposal.state, action)
    proposal.decided_by = actor
    proposal.decided_at = timezone.now()
    return proposal


def _next_version(actor: User, chain_id: str, kind: str, rules: Policy, note: str) -> PolicyVersion:
    """The caller holds the chain, so that numbers follow each other."""
    wrong = faults(rules)
    if wrong:
        raise Invalid({field: [str(_FAULTS[fault])] for field, fault in wrong.items()})
    present = current_policy(chain_id=chain_id, kind=kind)
    if same(rules, rules_of(present)):
        raise Conflict(_("These are the rules that count already."), code="rules_unchanged")
    number = present.number + 1
    supersede(PolicyProposal.objects.filter(chain_id=chain_id, kind=kind))
    return PolicyVersion.objects.create(
        chain_id=chain_id,
        kind=kind,
        number=number,
        body={**msgspec.to_builtins(rules), "version": number},
        note=_text("note", note),
        adopted_by=actor,
    )


def _refuse_stranger(actor: User, chain_id: str) -> None:
    if not access.can_set_policy(actor, chain_id):
        raise Forbidden(_("Only the office of this chain sets its rules."), code="not_your_chain")


def _text(field: str, text: str) -> str:
    if len(text) > NOTE_LENGTH:
        raise Invalid(
            {field: [_("At most %(count)d characters.") % {"count": NOTE_LENGTH}]}, code="max_length"
        )
    if "\0" in text:
        raise Invalid(
            {field: [_("This text holds a character that can't be stored.")]},
            code="null_characters_not_allowed",
        )
    return text.strip()
