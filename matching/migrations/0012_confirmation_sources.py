"""A confirmation comes from a review or from the office; nothing ever wrote another source."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0011_frozen_exclusions"),
    ]

    operations = [
        migrations.AlterField(
            model_name="confirmation",
            name="source",
            field=models.CharField(
                choices=[("review", "Both firms said yes"), ("office", "Told by the office")],
                max_length=10,
                verbose_name="source",
            ),
        ),
    ]
