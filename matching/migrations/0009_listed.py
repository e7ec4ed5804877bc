"""Publishing unmarks what a list leaves out; indexes that others cover are dropped."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

LISTED = """
    UPDATE matching_match SET listed = true
    WHERE NOT listed AND run_id NOT IN (SELECT run_id FROM matching_matchinglist)
"""


def _run(model: str, **options: str) -> migrations.AlterField:
    field = models.ForeignKey(
        "matching.matchingrun", django.db.models.deletion.CASCADE, db_index=False, **options
    )
    return migrations.AlterField(model, "run", field)


class Migration(migrations.Migration):
    dependencies = [("matching", "0008_allocation_gap")]

    operations = [
        migrations.RunSQL(LISTED, migrations.RunSQL.noop),
        migrations.AlterField(
            "match", "listed", models.BooleanField(default=True, editable=False, verbose_name="listed")
        ),
        _run("match", verbose_name="run"),
        _run("nearmiss", verbose_name="run"),
        _run("frozenline", related_name="lines"),
    ]
