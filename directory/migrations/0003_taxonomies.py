"""The taxonomies to begin with; editable afterwards, so undoing this takes nothing away."""

from django.db import migrations

from directory.reference import load_taxonomies


def load(apps, schema_editor):
    load_taxonomies(apps.get_model)


class Migration(migrations.Migration):
    dependencies = [("directory", "0002_change_numbers")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop, elidable=False)]
