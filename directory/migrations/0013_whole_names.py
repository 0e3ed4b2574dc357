"""Whole names are words of the index, too: what is typed as it is called is found without reading other records."""

from django.db import migrations

ADD = """
UPDATE directory_searchentry SET words = words || array_to_tsvector(ARRAY(
    SELECT '|' || name FROM unnest(string_to_array(titles, '|')) AS name WHERE name <> '' AND octet_length(name) <= 2000
))
"""
DROP = """
UPDATE directory_searchentry SET words = ts_delete(words, ARRAY(
    SELECT '|' || name FROM unnest(string_to_array(titles, '|')) AS name WHERE name <> '' AND octet_length(name) <= 2000
))
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0012_open_week")]

    operations = [migrations.RunSQL(ADD, DROP)]
