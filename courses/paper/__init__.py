"""What the room's documents show: plain data for the Typst templates that stand beside (`*.typ`)."""
