"""Finding: what is kept about each page and course, and how a question in a reader's own words is answered.

`sources` says what can be found, `guide.services.search_index` keeps it, `words` and `vocabulary` know the words,
`meaning` reads the question, `asking` asks the database, `excerpts` shows why something was found.
"""
