"""One normaliser for everything that people typed: names, standards, grades, sizes.

Chinese is compared by characters and never romanised: 陕西 and 山西 are different places.
"""

from matching.engine.text.glossary import (
    GlossaryIndex,
    canonical_word,
    index_glossary,
    parameter_key,
    replace_synonyms,
    word_key,
)
from matching.engine.text.normal import CJK, clean, designation, normalise
from matching.engine.text.standards import editions_in, find_standards, standard_key, standards_in
from matching.engine.text.tokens import tokens

__all__ = [
    "CJK",
    "GlossaryIndex",
    "canonical_word",
    "clean",
    "designation",
    "editions_in",
    "find_standards",
    "index_glossary",
    "normalise",
    "parameter_key",
    "replace_synonyms",
    "standard_key",
    "standards_in",
    "tokens",
    "word_key",
]
