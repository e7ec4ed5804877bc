"""Words of comparison, before a value (“不低于”, “at least”) and behind it (“以上”, “max”)."""

from __future__ import annotations

from matching.engine.types import Operator

_NOT = "(?:不|不得|不应|不能|不可|不宜|不允许|不会|应不|须不|均不|不要)"
PREFIXES = {
    Operator.AT_LEAST: (
        rf"[≥⩾]|>=|=>|{_NOT}(?:低|小|少|短|晚|弱|差|薄)于|{_NOT}(?:少|小)过|大于等于|大于或等于|高于或等于|高于等于|"
        r"等于或大于|等于或高于|至少|最低|最小|最少|起码|优于|好于|达到|可达|能达到?|不亚于"
        r"|at least|not less than|no less than|not lower than|no lower than|not below|not fewer than"
        r"|better than|minimum(?: of)?|min\.?(?![a-z])|"
        r"greater than or equal to|equal to or greater than"
    ),
    Operator.AT_MOST: (
        rf"[≤⩽]|<=|=<|{_NOT}(?:高|大|多|长|早|厚|宽|迟|超)于|{_NOT}超过|{_NOT}超出|{_NOT}逾|小于等于|小于或等于|低于或等于"
        r"|低于等于|等于或小于|等于或低于|至多|最高|最大|最多|最长|顶多|控制在|限制在"
        r"|not more than|no more than|at most|not exceeding|not to exceed|not exceed|no greater than"
        r"|not greater than|not higher than|not above|up to|maximum(?: of)?|max\.?(?![a-z])"
        r"|less than or equal to|equal to or less than|within"
    ),
    Operator.MORE_THAN: (
        ">|大于|高于|超过|多于|超出|长于|more than|greater than|higher than|longer than|over|above|exceeding"
    ),
    Operator.LESS_THAN: "<|小于|低于|少于|短于|less than|lower than|fewer than|shorter than|below|under",
    Operator.EQUAL: "=|等于|equal to|equals",
}
SUFFIXES = {
    Operator.AT_LEAST: (
        "(?:或|及|含|\\(含\\))?以上|起(?!重|动|升|落|订|吊)|或更[多高大长好细强]|or more|or above|and above"
        "|or better|or higher|or greater|(?:minimum|min\\.?)(?![a-z]|\\.? [a-z])|and up"
    ),
    Operator.AT_MOST: (
        "(?:或|及|含|\\(含\\))?以下|以内|之内|内(?![侧径部孔腔环圈螺六置胆衬存冷芯外容层壁膜涂])|或更[少低小短]"
        "|or less|or below|or lower|and below|or fewer|(?:maximum|max\\.?)(?![a-z]|\\.? [a-z])"
    ),
}
ANY_PREFIX = "|".join(PREFIXES.values())
ANY_SUFFIX = "|".join(SUFFIXES.values())
NAMED_PREFIX = "|".join(f"(?P<{operator}>{words})" for operator, words in PREFIXES.items())
NAMED_SUFFIX = "|".join(f"(?P<{operator}>{words})" for operator, words in SUFFIXES.items())
