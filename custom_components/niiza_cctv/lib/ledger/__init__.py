"""The section's append-only, hash-chained record of everything that is done with footage."""
