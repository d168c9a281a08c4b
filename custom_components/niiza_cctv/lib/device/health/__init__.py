"""What cameras' own storage status tells: one module for each source, `makers.py` says who has which."""
