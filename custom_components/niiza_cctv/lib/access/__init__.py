"""Who may do what, and why somebody may not."""
