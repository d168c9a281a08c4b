"""Dialogs of the settings page."""
