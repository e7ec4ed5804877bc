"""Verbs on roles that are asked for, and on roles and accounts that end."""

from matching.people.services.accepting import accept, accept_anew
from matching.people.services.asking import Wanted, ask
from matching.people.services.deciding import approve, refuse, resend, withdraw
from matching.people.services.ending import bind_subject, end_account, end_role, switch_off, unbind_subject
from matching.people.services.forgetting import forget_unfinished

__all__ = [
    "Wanted",
    "accept",
    "accept_anew",
    "approve",
    "ask",
    "bind_subject",
    "end_account",
    "end_role",
    "forget_unfinished",
    "refuse",
    "resend",
    "switch_off",
    "unbind_subject",
    "withdraw",
]
