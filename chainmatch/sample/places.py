"""Where the sample keeps its files, and where it must not go."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError


def folder() -> Path:
    """The sample's folder beside the uploads."""
    return Path(settings.MEDIA_ROOT).parent / "sample"


def truth_file() -> Path:
    """Where ``load_sample`` keeps the truth."""
    return folder() / "truth.jsonl"


def token_file() -> Path:
    """Where the integrator's token is kept between starts, readable by its owner alone."""
    return folder() / "integrator.token"


def refuse_production() -> None:
    """Raise ``CommandError`` in production: sample data and known passwords have no place there."""
    if settings.PRODUCTION:
        raise CommandError(
            "生产环境不允许载入示例数据或演示账号。 "
            "Sample data and demo accounts are refused in production (CHAINMATCH_MODE=production)."
        )
