"""Hours without a rhythm may be words alone; the week of opening gets an eighth day, the public holiday.

What is open in every half hour of the usual week stays open on public holidays.
"""

from django.db import migrations, models

LONGER = """
UPDATE directory_searchentry SET open_week = open_week || decode(
    repeat(CASE WHEN open_week = decode(repeat('ff', 42), 'hex') THEN 'ff' ELSE '00' END, 6), 'hex'
) WHERE length(open_week) = 42
"""
SHORTER = "UPDATE directory_searchentry SET open_week = substring(open_week FOR 42) WHERE length(open_week) = 48"


class Migration(migrations.Migration):
    dependencies = [("directory", "0009_search_revision")]

    operations = [
        migrations.RemoveConstraint(model_name="schedule", name="directory_schedule_once_has_dates"),
        migrations.AddConstraint(
            model_name="schedule",
            constraint=models.CheckConstraint(
                condition=~models.Q(freq="")
                | models.Q(valid_from__isnull=False)
                | (models.Q(description_fr__isnull=False) & ~models.Q(description_fr=""))
                | (models.Q(description_nl__isnull=False) & ~models.Q(description_nl="")),
                name="directory_schedule_once_has_dates",
                violation_error_message="What does not repeat has a date, or is said in words.",
            ),
        ),
        migrations.RunSQL(LONGER, SHORTER),
    ]
