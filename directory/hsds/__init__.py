"""Records as Open Referral HSDS 3.1 has them: pure functions from rows to plain values.

``pieces`` are the small objects, ``records`` the ones that have an address of their own, ``profile`` says what
we add to the standard. Nothing here asks the database: whoever calls has fetched (`queries.with_everything`),
as far as the reader may see it.
"""
