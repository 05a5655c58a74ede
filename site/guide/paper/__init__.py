"""What the guide's documents show: pages as plain data for the Typst templates that stand beside (`*.typ`).

Nothing is set or kept here: `guide.services.keeping` does that.
"""
