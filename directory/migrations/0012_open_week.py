"""The week of opening is kept for days that are public holidays, or come after one, too.

What was written before is spread over the four cases; what runs past midnight is exact once the record is indexed anew.
"""

from django.db import migrations

LONGER = """
UPDATE directory_searchentry
SET open_week = substring(open_week FOR 42) || substring(open_week FOR 42)
    || decode(repeat(encode(substring(open_week FROM 43), 'hex'), 14), 'hex')
WHERE length(open_week) = 48
"""
SHORTER = """
UPDATE directory_searchentry SET open_week = substring(open_week FOR 42) || substring(open_week FROM 127 FOR 6)
WHERE length(open_week) = 168
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0011_corrections_of_all")]

    operations = [migrations.RunSQL(LONGER, SHORTER)]
