"""Django's own PostgreSQL engine for the tests, emptying the tables in milliseconds: the name of `ENGINE`."""
