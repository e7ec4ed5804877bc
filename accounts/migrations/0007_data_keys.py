from django.db import migrations, models

import accounts.fields


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_audit_reading'),
    ]

    operations = [
        migrations.CreateModel(
            name='DataKey',
            fields=[
                ('number', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('secret', accounts.fields.EncryptedTextField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'data key',
                'verbose_name_plural': 'data keys',
                'ordering': ['number'],
            },
        ),
    ]
