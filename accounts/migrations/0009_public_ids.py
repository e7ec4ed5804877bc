"""Ids that tell nothing of how many others there are; each row there is gets one of its own from the database."""

import uuid

import django.contrib.postgres.functions
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_idle_accounts'),
    ]

    operations = [
        migrations.AddField(
            model_name=name,
            name='public_id',
            field=models.UUIDField(
                db_default=django.contrib.postgres.functions.RandomUUID(),
                default=uuid.uuid4, editable=False, unique=True,
            ),
        )
        for name in ('membership', 'user')
    ]
