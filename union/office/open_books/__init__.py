"""The open books: what came in, went out and is kept, for every member, as pictures and words.

Never shows a sum behind which fewer than five people stand: somebody could guess who was ill.
"""
