"""Runs are prepared and indexed by workers too."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matching", "0006_meanings")]

    operations = [
        migrations.AddField(
            "matchingrun", "engine", models.PositiveSmallIntegerField(default=1, editable=False)
        ),
        migrations.AddField(
            "matchingrun", "index_hash", models.CharField(default="", editable=False, max_length=64)
        ),
        migrations.AlterField(
            "shard",
            "stage",
            models.CharField(
                choices=[
                    ("prepare", "Prepare"),
                    ("index", "Index"),
                    ("match", "Match"),
                    ("allocate", "Allocate"),
                ],
                max_length=10,
            ),
        ),
    ]
