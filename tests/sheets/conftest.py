from __future__ import annotations

from hypothesis import settings

settings.register_profile("sheets", deadline=None, derandomize=True, database=None)
settings.load_profile("sheets")
