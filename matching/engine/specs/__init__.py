"""Free specification text (“厚度3±0.1mm，屈服强度不低于690MPa，…”) as typed requirements with their source.

What is not understood is never made into a requirement: it stays text, and ``rest`` tells where.
"""

from matching.engine.specs.parsing import (
    ParsedRequirement,
    Specification,
    in_base_unit,
    parse_specification,
)
from matching.engine.specs.record import as_json, requirement_records, rest_records

__all__ = [
    "ParsedRequirement",
    "Specification",
    "as_json",
    "in_base_unit",
    "parse_specification",
    "requirement_records",
    "rest_records",
]
