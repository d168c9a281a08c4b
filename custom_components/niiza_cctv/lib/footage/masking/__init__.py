"""Masking for disclosure: everything is hidden, and only what was approved is revealed."""
