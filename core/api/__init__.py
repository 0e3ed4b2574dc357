"""The API base: what each mission's ``api.py`` builds on. See docs/api.md for the contract outside."""
