"""The form of how one wants to be told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from matching.notices.models import Mail, NoticePreference, Topic
from matching.notices.services import Wish

OF_FIRMS = frozenset({Topic.LISTS, Topic.MATCHES, Topic.PUBLISHED, Topic.MEETINGS, Topic.ROUNDS})
OF_OFFICES = frozenset({Topic.PUBLISHED, Topic.MEETINGS, Topic.ROUNDS, Topic.RULES})


def topics_of(user: User) -> list[Topic]:
    """Topics that a person can be told of, in order."""
    concerned = {Topic.GENERAL}
    concerned |= OF_FIRMS if user.firms() else set()
    concerned |= OF_OFFICES if user.is_office else set()
    return [topic for topic in Topic if topic in concerned]


class SettingsForm(forms.Form):
    """For each topic: whether it is shown in the portal, and when it comes by e-mail."""

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        self.topics = topics_of(user)
        held = {wish.topic: wish for wish in NoticePreference.objects.visible_to(user)}
        for topic in self.topics:
            wish = held.get(topic, NoticePreference(topic=topic))
            named = {"topic": topic.label}
            self.fields[f"{topic}-portal"] = forms.BooleanField(
                required=False, initial=wish.portal, label=_("%(topic)s in the portal") % named
            )
            self.fields[f"{topic}-mail"] = forms.ChoiceField(
                choices=Mail.choices, initial=wish.mail, label=_("%(topic)s by e-mail") % named
            )

    def rows(self) -> Iterator[tuple[str, forms.BoundField, forms.BoundField]]:
        """Name of a topic and its two fields."""
        for topic in self.topics:
            yield str(topic.label), self[f"{topic}-portal"], self[f"{topic}-mail"]

    def wishes(self) -> dict[Topic, Wish]:
        """What was chosen."""
        chosen = self.cleaned_data
        return {
            topic: Wish(chosen[f"{topic}-portal"], Mail(chosen[f"{topic}-mail"])) for topic in self.topics
        }
