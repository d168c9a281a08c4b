"""The panel's commands."""
