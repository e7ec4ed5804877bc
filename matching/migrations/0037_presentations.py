import django.contrib.postgres.constraints
import django.db.models.constraints
from django.db import migrations, models

HOLDS = models.Q(("is_active", True), ("is_struck", False))


def present_alone(apps, _schema_editor):
    """Until now every appointment was one of its own."""
    appointments = apps.get_model("matching", "Appointment").objects
    appointments.update(presentation=models.F("pk"))
    apps.get_model("matching", "Attendance").objects.update(presentation=models.F("appointment_id"))


def never_twice(column, name):
    return django.contrib.postgres.constraints.ExclusionConstraint(
        condition=HOLDS, expressions=[(column, "="), ("presentation", "<>"), ("during", "&&")], name=name
    )


def one_for_all(column, name):
    return django.contrib.postgres.constraints.ExclusionConstraint(
        condition=HOLDS,
        deferrable=django.db.models.constraints.Deferrable["IMMEDIATE"],
        expressions=[("presentation", "="), (column, "<>")],
        name=name,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0036_disclosed_before_joining"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="presentation",
            field=models.UUIDField(editable=False, null=True, verbose_name="presentation"),
        ),
        migrations.AddField(
            model_name="attendance",
            name="presentation",
            field=models.UUIDField(editable=False, null=True, verbose_name="presentation"),
        ),
        migrations.RunPython(present_alone, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="appointment",
            name="presentation",
            field=models.UUIDField(editable=False, verbose_name="presentation"),
        ),
        migrations.AlterField(
            model_name="attendance",
            name="presentation",
            field=models.UUIDField(editable=False, verbose_name="presentation"),
        ),
        migrations.RemoveConstraint(model_name="appointment", name="matching_table_never_twice"),
        migrations.RemoveConstraint(model_name="attendance", name="matching_party_never_twice"),
        migrations.RemoveConstraint(model_name="attendance", name="matching_person_never_twice"),
        migrations.AddConstraint("appointment", never_twice("table", "matching_table_never_twice")),
        migrations.AddConstraint("appointment", one_for_all("table", "matching_presentation_one_table")),
        migrations.AddConstraint("appointment", one_for_all("slot", "matching_presentation_one_slot")),
        migrations.AddConstraint("attendance", never_twice("organisation", "matching_party_never_twice")),
        migrations.AddConstraint("attendance", never_twice("person", "matching_person_never_twice")),
    ]
