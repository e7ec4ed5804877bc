"""What the pages about people share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from matching.errors import Forbidden, Invalid, Refusal
from matching.pages import in_words
from matching.people.forms import Typed
from matching.refusals import database_refusals


def tried(form: Typed, verb: Callable[[], Any]) -> Any:
    """What the verb gives; None where it or the database refused, which the form then tells."""
    try:
        with database_refusals():
            return verb()
    except Forbidden:
        raise
    except Invalid as refusal:
        form.add_problems(refusal)
    except Refusal as refusal:
        form.add_error(None, in_words(refusal))
    return None
