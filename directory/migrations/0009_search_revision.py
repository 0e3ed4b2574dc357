"""Each writing of a search entry has a number, so that processes take up what is new."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0008_confirmations")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE directory_index_seq", "DROP SEQUENCE directory_index_seq"),
        migrations.AddField(
            model_name="searchentry",
            name="revision",
            field=models.BigIntegerField(db_index=True, default=0, verbose_name="number of the writing"),
        ),
    ]
