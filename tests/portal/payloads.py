"""Forty texts that want to become script, and a story in which every text of people's is one of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import cycle
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from accounts.sealing.fields import SealedField

_RUN = "__xss=1"
PAYLOADS = (
    f"<script>{_RUN}</script>",
    f"<ScRiPt>{_RUN}</sCrIpT>",
    f"</script><script>{_RUN}</script>",
    f"<scr<script>ipt>{_RUN}</script>",
    f"<script src=data:,{_RUN}></script>",
    f"<script/x>{_RUN}</script>",
    f"<<script>{_RUN}//<</script>",
    f"<img src=x onerror={_RUN}>",
    f"<IMG SRC=x OnErRoR={_RUN}>",
    f"<img/src=x/onerror={_RUN}>",
    f'"><img src=x onerror={_RUN}>',
    f"'><img src=x onerror={_RUN}>",
    f"</title><img src=x onerror={_RUN}>",
    f"</textarea><img src=x onerror={_RUN}>",
    f"</option></select><img src=x onerror={_RUN}>",
    f"--><img src=x onerror={_RUN}>",
    f"]]><img src=x onerror={_RUN}>",
    f"<svg onload={_RUN}>",
    f"<svg/onload={_RUN}//",
    f"<svg><script>{_RUN}</script></svg>",
    f"<svg><animate onbegin={_RUN} attributeName=x>",
    f"<body onload={_RUN}>",
    f"<details open ontoggle={_RUN}>",
    f"<input autofocus onfocus={_RUN}>",
    f"<video><source onerror={_RUN}></video>",
    f"<audio src=x onerror={_RUN}>",
    f"<iframe src=javascript:{_RUN}></iframe>",
    f"<iframe srcdoc='<script>{_RUN}</script>'></iframe>",
    f"<object data=javascript:{_RUN}>",
    f"<embed src=javascript:{_RUN}>",
    f"<math><a href=javascript:{_RUN}>x</a></math>",
    f"<form><button formaction=javascript:{_RUN}>x",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content=0;url=//evil.example/>",
    "<link rel=stylesheet href=//evil.example/>",
    "<style>@import'//evil.example/'</style>",
    f'" autofocus onfocus={_RUN} x="',
    f"' autofocus onfocus={_RUN} x='",
    f"<p hx-on:htmx:load={_RUN} hx-get=/ hx-trigger=load>",
    f"{{{{constructor.constructor('{_RUN}')()}}}}<b>",
)
CODES = frozenset(
    "code name_en path region regions delivery_region kind key uscc language chains digest start client_id "
    "scopes events state action role door via table index_hash input_hash result_hash content_hash agent "
    "text_key product_key fingerprint demand_fingerprint supply_fingerprint evidence_hash sha256 stamp model "
    "data encoded signature password secret old_secret request standing event ordered_with request_id "
    "task consented_to verdicts glossary awards exclusions payload content object_id credential".split()
)
"""Columns that the program itself writes: codes, digests, its own documents. People type none of them."""
TITLE = "N型单晶硅片"
DOCUMENTS = (("FrozenLine", "payload"), ("MatchingList", "content"))
"""Documents of the program with the words of lines in them."""


def text_fields() -> Iterator[tuple[type[models.Model], Any]]:
    """Every column in which something stands that people have typed."""
    for app in ("accounts", "matching"):
        for model in apps.get_app_config(app).get_models():
            if model._meta.label in {"accounts.AuditEntry", "matching.OutboxMessage"}:
                continue
            for field in model._meta.concrete_fields:
                plain = isinstance(field, models.CharField | models.TextField) and not field.choices
                array = isinstance(field, ArrayField) and isinstance(field.base_field, models.CharField)
                if (plain or array) and field.name not in CODES:
                    yield model, field


def _tables() -> set[str]:
    documents = {apps.get_model("matching", name) for name, _column in DOCUMENTS}
    return {model._meta.db_table for model in documents | {model for model, _field in text_fields()}}


def plant(first: int) -> list[str]:
    """Put payloads into every text field of every row, beginning with the ``first``; what was planted.

    A short field takes a payload that fits. Rules of the database that refuse a change of what was
    published or decided sleep meanwhile: such texts were typed before.
    """
    planted: list[str] = []
    payloads = cycle(PAYLOADS[first:] + PAYLOADS[:first])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in _tables():
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        for model, field in text_fields():
            array = isinstance(field, ArrayField)
            most = (field.base_field if array else field).max_length or 10_000
            fits = max(most, min(map(len, PAYLOADS)))
            for pk in model._base_manager.values_list("pk", flat=True):
                text = next(one for one in payloads if len(one) <= fits)[:most]
                _write(model, pk, field, [text] if array else text)
                planted.append(text)
        for name, column in DOCUMENTS:
            for row in apps.get_model("matching", name)._base_manager.all():
                text = next(payloads)
                planted.append(text)
                setattr(row, column, getattr(row, column).replace(TITLE, json.dumps(text)[1:-1]))
                row.save(update_fields=[column])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in _tables():
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
    return planted


def _write(model: type[models.Model], pk: Any, field: Any, value: Any) -> None:
    row = model._base_manager.filter(pk=pk)
    stored = (
        field.seal(value, *row.values_list(*field.bound_to)[0]) if isinstance(field, SealedField) else value
    )
    row.update(**{field.name: stored})


def unescaped(page: str, planted: Iterable[str]) -> set[str]:
    """Payloads that stand in a page as they were typed: escaped, none of their signs would be left."""
    return {text for text in set(planted) if re.search(r"[<>\"']", text) and text in page}
