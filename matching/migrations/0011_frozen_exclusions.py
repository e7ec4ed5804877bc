"""Pairs that were excluded when a run began are part of its input."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0010_live_index"),
    ]

    operations = [
        migrations.AddField(
            model_name="matchingrun",
            name="exclusions",
            field=models.TextField(default="[]", editable=False),
        ),
    ]
