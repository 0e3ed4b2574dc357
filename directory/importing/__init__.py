"""Reading lists of others: from bytes to rows, from rows to documents. Nothing here writes.

``files`` opens CSV and Excel, ``hsds`` JSON; ``columns`` says what a column may mean, ``cells`` reads one cell,
``vocabulary`` knows the words of terms and territory, ``incoming`` puts a row together. What happens with it is
the business of `rules.importing`.
"""
