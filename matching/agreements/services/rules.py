"""Setting by which days a chain's pairs are followed up."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from matching.agreements import access
from matching.agreements.models import FollowUpRule
from matching.errors import Forbidden, Invalid


@transaction.atomic
def save_rule(*, actor: User, rule: FollowUpRule) -> FollowUpRule:
    """Set a chain's rule; it counts for steps that begin from now on. Raises ``Forbidden`` or ``Invalid``."""
    if not access.keeps_rule(actor, rule.chain_id):
        raise Forbidden(_("Only the chain's office or department sets its rule."), code="not_your_chain")
    try:
        rule.full_clean()
    except ValidationError as error:
        raise Invalid(error.message_dict) from error
    rule.save()
    return rule
