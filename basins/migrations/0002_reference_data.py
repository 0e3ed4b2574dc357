"""The five basins and their territory; editable afterwards, so undoing this takes nothing away."""

from django.db import migrations

from basins.reference import load_reference_data


def load(apps, schema_editor):
    load_reference_data(apps.get_model)


class Migration(migrations.Migration):
    dependencies = [("basins", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop, elidable=False)]
