"""Earlier editions with their figures; editable afterwards, so undoing this takes nothing away."""

from django.db import migrations

from opendoors.past_editions import load_past_editions


def load(apps, schema_editor):
    load_past_editions(apps.get_model)


class Migration(migrations.Migration):
    dependencies = [("opendoors", "0004_unconfirmed_requests"), ("basins", "0002_reference_data")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop, elidable=False)]
