"""The crisis pages to begin with; editable afterwards, so undoing this takes nothing away."""

from django.db import migrations

from directory.reference import load_ways


def load(apps, schema_editor):
    load_ways(apps.get_model)


class Migration(migrations.Migration):
    dependencies = [("directory", "0006_lists_and_ways")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop, elidable=False)]
