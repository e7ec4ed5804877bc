"""Fields that several forms share."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext_lazy as _lazy

_THOUSANDS = re.compile(r"[,，\s](?=[0-9０-９]{3}(?:[^0-9０-９]|$))")
_SEPARATORS = re.compile(r"[,，、;；\n]+")


class WordsField(forms.CharField):
    """Several words in one box, separated by commas, 、 or new lines."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _lazy("Separate several with a comma."))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """The words in one line."""
        return "、".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        """The words, each once."""
        ProhibitNullCharactersValidator()(value or "")
        parts = (part.strip() for part in _SEPARATORS.split(value or ""))
        return list(dict.fromkeys(part for part in parts if part))


class AmountField(forms.DecimalField):
    """A number as people write it: 120,000 and １２０ are taken, and what is no number stays in its box.

    A browser's number box would send nothing at all for text that it does not understand.
    """

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        """The number without the marks between its thousands."""
        written = _THOUSANDS.sub("", value.strip()) if isinstance(value, str) else value
        return super().to_python(written)


SMALL = {"class": "form-control form-control-sm"}


def date_input(**attributes: str) -> forms.DateInput:
    """The browser's calendar."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **attributes})
