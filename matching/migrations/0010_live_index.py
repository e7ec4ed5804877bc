"""Where the newest index of each list's titles lies."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0009_listed"),
    ]

    operations = [
        migrations.CreateModel(
            name="LiveIndex",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                (
                    "side",
                    models.CharField(choices=[("demand", "Demand"), ("supply", "Supply")], max_length=6),
                ),
                ("name", models.CharField(default="", max_length=100)),
                ("lines", models.PositiveIntegerField(default=0)),
                ("built_at", models.DateTimeField(auto_now=True)),
                (
                    "chain",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="matching.chain"
                    ),
                ),
            ],
            options={
                "ordering": ("chain", "kind", "side"),
                "constraints": [
                    models.UniqueConstraint(fields=("chain", "kind", "side"), name="matching_one_live_index")
                ],
            },
        ),
    ]
