"""Technical requirements, properties, certificates and lists of words in one cell, written and read back.

What was written here reads back exactly (``厚度 = 3 mm``, ``材质 ∈ {Q345, Q355}``); what people write
otherwise goes to the engine. What nobody understands is handed back as it stands, never dropped.
"""

from matching.sheets.specified.certificates import read_certificates, write_certificates
from matching.sheets.specified.reading import Specified, read_properties, read_requirements
from matching.sheets.specified.words import read_words, write_words
from matching.sheets.specified.writing import write_properties, write_requirements

__all__ = [
    "Specified",
    "read_certificates",
    "read_properties",
    "read_requirements",
    "read_words",
    "write_certificates",
    "write_properties",
    "write_requirements",
    "write_words",
]
