"""Checks of the identifiers that Chinese firms carry."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, InvalidFormat, InvalidLength
from stdnum.exceptions import ValidationError as NumberError

validate_region_code = RegexValidator(
    r"^[1-9]\d{1}(\d{2}(\d{2})?)?$", _("A GB/T 2260 code has 2, 4 or 6 digits, for example 140105.")
)


def normalise_uscc(value: str) -> str:
    """Credit code without spaces, in capitals."""
    return uscc.compact(value)


def validate_uscc(value: str) -> None:
    """Unified social credit code after GB 32100: 18 characters, the last one a check character.

    Raises ``ValidationError`` that tells which of length, characters or check character is wrong.
    """
    try:
        uscc.validate(value)
    except InvalidLength as error:
        raise ValidationError(
            _("A unified social credit code has 18 characters; this one has %(length)s."),
            code="uscc_length",
            params={"length": len(uscc.compact(value))},
        ) from error
    except InvalidChecksum as error:
        raise ValidationError(
            _("The check character of this credit code does not fit; please compare it with the licence."),
            code="uscc_checksum",
        ) from error
    except (InvalidFormat, NumberError) as error:
        raise ValidationError(
            _("A credit code has digits and capital letters without I, O, S, V and Z."), code="uscc_format"
        ) from error
