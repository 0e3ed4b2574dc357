"""The themes of the law; editable afterwards, so undoing this takes nothing away."""

from django.db import migrations

from concertations.reference import load_themes


def load(apps, schema_editor):
    load_themes(apps.get_model)


class Migration(migrations.Migration):
    dependencies = [("concertations", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop, elidable=False)]
