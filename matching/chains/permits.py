"""Who may read and who may change reference data."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.permits import Act, Anybody, Permits, Scope, grant
from accounts.roles import Role

REFERENCE = Permits(
    "reference",
    _("Chains, nodes, kinds and regions"),
    grant(Act.VIEW, Anybody.SIGNED_IN, Scope.ALL),
)
GLOSSARY = Permits(
    "glossary",
    _("Glossary"),
    grant(Act.VIEW, Anybody.SIGNED_IN, Scope.ALL),
    grant(
        (Act.CREATE, Act.EDIT, Act.DELETE),
        Role.CHAIN_OFFICE,
        Scope.WHOLE_CHAIN,
        when=_("entries for all chains: by an office of all chains"),
    ),
)

PERMITS = (REFERENCE, GLOSSARY)
