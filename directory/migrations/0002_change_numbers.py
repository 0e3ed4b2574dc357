"""The one sequence of numbers by which partners follow changes; see rules.log."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE directory_change_seq", "DROP SEQUENCE directory_change_seq"),
    ]
