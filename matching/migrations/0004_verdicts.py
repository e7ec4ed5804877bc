"""Pairs keep verdicts and values; their words are told when they are read."""

from __future__ import annotations

from typing import Any

import django.contrib.postgres.fields
from django.db import migrations, models

BATCH = 1000
LETTERS = {
    "parameter": "p",
    "standard": "s",
    "certificate": "c",
    "capacity": "q",
    "minimum_order": "m",
    "price": "y",
    "region": "r",
    "delivery": "d",
}
SIGNS = {"met": "+", "unmet": "-", "unknown": "?"}


def _word(condition: dict[str, Any]) -> str:
    letter = LETTERS[condition["kind"]]
    missing = condition.get("shortfall")
    hard = letter.upper() if condition["hard"] else letter
    return f"{hard}{SIGNS[condition['outcome']]}{'' if missing is None else missing}"


def shorten(apps: Any, _schema: Any) -> None:
    """Conditions and criteria that were stored in words become verdicts and values."""
    runs = {run.pk: run for run in apps.get_model("matching", "MatchingRun").objects.select_related("policy")}
    frozen = apps.get_model("matching", "FrozenLine").objects
    positions: dict[Any, dict[Any, int]] = {}
    for name in ("Match", "NearMiss"):
        model = apps.get_model("matching", name)
        changed = []
        for pair in model.objects.order_by("run_id", "pk").iterator(chunk_size=BATCH):
            if pair.run_id not in positions:
                rows = frozen.filter(run_id=pair.run_id).values_list("line_id", "position")
                positions = {pair.run_id: dict(rows)}
            values = {term["criterion"]: term["value"] for term in pair.criteria}
            pair.verdicts = " ".join(map(_word, pair.conditions))
            pair.values = [values.get(name) for name, _weight in runs[pair.run_id].policy.body["weights"]]
            pair.need_position = positions[pair.run_id][pair.demand_id]
            pair.offer_position = positions[pair.run_id][pair.supply_id]
            changed.append(pair)
            if len(changed) == BATCH:
                _save(model, changed)
                changed = []
        _save(model, changed)


def _save(model: Any, pairs: list[Any]) -> None:
    model.objects.bulk_update(pairs, ["verdicts", "values", "need_position", "offer_position"])


def _added(model: str) -> list[Any]:
    numbers = django.contrib.postgres.fields.ArrayField(
        base_field=models.PositiveSmallIntegerField(null=True), size=None, verbose_name="criteria"
    )
    position = models.PositiveIntegerField(editable=False, default=0)
    return [
        migrations.AddField(model, "need_position", position, preserve_default=False),
        migrations.AddField(model, "offer_position", position.clone(), preserve_default=False),
        migrations.AddField(
            model, "verdicts", models.TextField(blank=True, default="", verbose_name="conditions"), False
        ),
        migrations.AddField(
            model, "confirmed", models.BooleanField(default=False, verbose_name="confirmed before")
        ),
        migrations.AddField(model, "values", _with_default(numbers), preserve_default=False),
    ]


def _with_default(field: Any) -> Any:
    field.default = list
    return field


class Migration(migrations.Migration):
    dependencies = [("matching", "0003_confirmations")]

    operations = [
        *_added("match"),
        *_added("nearmiss"),
        migrations.RunPython(shorten, migrations.RunPython.noop, elidable=True),
        migrations.RemoveField("match", "conditions"),
        migrations.RemoveField("match", "criteria"),
        migrations.RemoveField("nearmiss", "conditions"),
        migrations.RemoveField("nearmiss", "criteria"),
        migrations.RemoveField("nearmiss", "failing"),
        # Results of shards live only while their run does.
        migrations.RemoveField("shard", "result"),
        migrations.AddField("shard", "result", models.BinaryField(default=b"")),
    ]
