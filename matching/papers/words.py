"""What each placeholder of a letter stands for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from matching.documents.letters import Placeholder

MEANINGS = {
    Placeholder.BUYER: _("Name of the leader firm"),
    Placeholder.BUYER_CODE: _("Credit code of the leader firm"),
    Placeholder.BUYER_PLACE: _("Place of the leader firm"),
    Placeholder.SELLER: _("Name of the member firm"),
    Placeholder.SELLER_CODE: _("Credit code of the member firm"),
    Placeholder.SELLER_PLACE: _("Place of the member firm"),
    Placeholder.WANTED: _("Product that is needed"),
    Placeholder.OFFERED: _("Product that is offered"),
    Placeholder.QUANTITY: _("Quantity a month that both sides accepted; may be empty"),
    Placeholder.UNIT: _("Unit of the quantity"),
    Placeholder.CHAIN: _("Name of the chain"),
    Placeholder.MEETING: _("Title of the meeting"),
    Placeholder.DATE: _("Day of the meeting"),
    Placeholder.PLACE: _("Venue of the meeting"),
    Placeholder.ISSUER: _("Office that issues the papers"),
    Placeholder.NUMBER: _("Number of the letter, from day, table and time"),
}
