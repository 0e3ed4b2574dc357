"""Finding records: what is kept of each (`entries`), how words are read (`thesaurus`), what is asked (`questions`),
and the one statement that answers it (`statement`, run by `finder`).

The decisions behind it: `docs/decisions/directory-search.md`.
"""
