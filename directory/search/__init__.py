"""Finding records: what is kept of each (`entries`), how words are read (`thesaurus`), what is asked (`questions`),
and what answers it (`finder`): one statement where few records are meant (`statement`), the board in memory where many
are (`board`, `postings`, `planes`, `answering`).

The decisions behind it: `docs/decisions/directory-search.md`.
"""
