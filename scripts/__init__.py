"""The work behind the commands of the Makefile: ``python -m scripts.NAME``."""
