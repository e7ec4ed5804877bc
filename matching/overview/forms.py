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
from matching.overview.queries import Cover, Part, Stage
from matching.overview.words import COVERS, PARTS, STAGES
from matching.runs.models import Gap


class ScopeFilter(forms.Form):
    """Chain, city and round; rounds are offered by name, since those of several chains go by one."""

    chain = forms.ModelChoiceField(
        label=_lazy("chain"), queryset=Chain.objects.none(), required=False, empty_label=_lazy("All chains")
    )
    city = forms.ChoiceField(label=_lazy("city"), required=False, choices=())
    round = forms.ChoiceField(label=_lazy("round"), required=False, choices=())

    def __init__(self, data: Any, *, user: User, chains: Any) -> None:
        super().__init__(data)
        self.fields["chain"].queryset = chains  # type: ignore[attr-defined]
        self.fields["city"].choices = _cities(self.data.get("city", ""))  # type: ignore[attr-defined]
        self.fields["round"].choices = _rounds(user, self.data.get("chain", ""))  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """Chain, city and round for ``queries.scope_of``; what is not offered counts as not chosen."""
        self.is_valid()
        wanted = self.cleaned_data
        return {
            "chain": wanted.get("chain"),
            "city": wanted.get("city", ""),
            "round_": wanted.get("round", ""),
        }


def _rounds(user: User, chain: str) -> list[tuple[str, Any]]:
    rounds = Round.objects.visible_to(user)
    if chain:
        rounds = rounds.filter(chain_id=chain)
    newest = rounds.order_by("-opens_at").values_list("name", flat=True)
    return [("", _lazy("Newest run")), *((name, name) for name in dict.fromkeys(newest))]


def _cities(chosen: str) -> list[tuple[str, Any]]:
    """Cities of the home province, and the one that was clicked elsewhere."""
    offered = city_choices()
    if re.fullmatch(r"[1-9]\d{3}", chosen) and chosen not in dict(offered):
        offered.append((chosen, city_names([chosen])[chosen]))
    return offered


class RowsFilter(ScopeFilter):
    """Also which list, state, stage, kind of gap, chain node and unit."""

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

    unit = forms.CharField(
        label=_lazy("unit"), required=False, max_length=20, widget=forms.TextInput(attrs={"size": 6})
    )

    def __init__(self, data: Any, *, user: User, chains: Any) -> None:
        super().__init__(data, user=user, chains=chains)
        types = Gap._meta.get_field("type").flatchoices
        self.fields["show"].choices = [  # type: ignore[attr-defined]
            ("", _lazy("All lines")),
            *((stage.value, STAGES[stage]) for stage in Stage),
            *((cover.value, COVERS[cover]) for cover in Cover),
            *((part.value, PARTS[part]) for part in Part),
            (_lazy("Gaps"), [("gaps", _lazy("All gaps")), *((f"gap-{code}", word) for code, word in types)]),
        ]
        if chosen := self.data.get("chain", ""):
            nodes = ChainNode.objects.filter(chain_id=chosen).order_by("position")
            self.fields["node"].queryset = nodes  # type: ignore[attr-defined]
        else:
            del self.fields["node"]
        if self.data.get("side") == "supply":
            del self.fields["show"]
