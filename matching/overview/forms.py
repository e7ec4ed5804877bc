"""What figures and the rows behind them can be narrowed by."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from matching.chains.models import Chain, ChainNode
from matching.lists.forms.choices import city_choices
from matching.lists.models import Round
from matching.lists.states import LineState
from matching.overview.cities import city_names
from matching.overview.queries import Cover, Stage
from matching.overview.words import COVERS, STAGES
from matching.runs.models import Gap


class ScopeFilter(forms.Form):
    """Chain, city and round; the rounds offered are those of the chain."""

    chain = forms.ModelChoiceField(
        label=_lazy("chain"), queryset=Chain.objects.none(), required=False, empty_label=_lazy("All chains")
    )
    city = forms.ChoiceField(label=_lazy("city"), required=False, choices=())
    round = forms.ModelChoiceField(
        label=_lazy("round"), queryset=Round.objects.none(), required=False, empty_label=_lazy("Newest run")
    )

    def __init__(self, data: Any, *, user: User, chains: Any) -> None:
        super().__init__(data)
        self.fields["chain"].queryset = chains  # type: ignore[attr-defined]
        self.fields["city"].choices = _cities(self.data.get("city", ""))  # type: ignore[attr-defined]
        chosen = self.data.get("chain", "")
        if chosen:
            rounds = Round.objects.visible_to(user).filter(chain_id=chosen).order_by("-opens_at")
            self.fields["round"].queryset = rounds  # type: ignore[attr-defined]
            self.fields["round"].label_from_instance = lambda item: item.name  # type: ignore[attr-defined]
        else:
            del self.fields["round"]

    def chosen(self) -> dict[str, Any]:
        """Chain, city and round for ``queries.scope_of``; what is not offered counts as not chosen."""
        self.is_valid()
        wanted = self.cleaned_data
        return {
            "chain": wanted.get("chain"),
            "city": wanted.get("city", ""),
            "round_": wanted.get("round"),
        }


def _cities(chosen: str) -> list[tuple[str, Any]]:
    """Cities of the home province, and the one that was clicked elsewhere."""
    offered = city_choices()
    if re.fullmatch(r"[1-9]\d{3}", chosen) and chosen not in dict(offered):
        offered.append((chosen, city_names([chosen])[chosen]))
    return offered


class RowsFilter(ScopeFilter):
    """Also which list, state, stage, kind of gap and chain node."""

    side = forms.ChoiceField(
        label=_lazy("List"),
        required=False,
        choices=[("demand", _lazy("Demand list")), ("supply", _lazy("Supply list"))],
    )
    state = forms.ChoiceField(
        label=_lazy("state"), required=False, choices=[("", _lazy("All states")), *LineState.choices]
    )
    show = forms.ChoiceField(label=_lazy("Shown"), required=False, choices=())
    node = forms.ModelChoiceField(
        label=_lazy("chain node"), queryset=ChainNode.objects.none(), required=False, empty_label=_lazy("All")
    )

    def __init__(self, data: Any, *, user: User, chains: Any) -> None:
        super().__init__(data, user=user, chains=chains)
        types = Gap._meta.get_field("type").flatchoices
        self.fields["show"].choices = [  # type: ignore[attr-defined]
            ("", _lazy("All lines")),
            *((stage.value, STAGES[stage]) for stage in Stage),
            *((cover.value, COVERS[cover]) for cover in Cover),
            (_lazy("Gaps"), [("gaps", _lazy("All gaps")), *((f"gap-{code}", word) for code, word in types)]),
        ]
        if chosen := self.data.get("chain", ""):
            nodes = ChainNode.objects.filter(chain_id=chosen).order_by("position")
            self.fields["node"].queryset = nodes  # type: ignore[attr-defined]
        else:
            del self.fields["node"]
        if self.data.get("side") == "supply":
            del self.fields["show"]
