"""Changes of a camera's settings, and what of them must be put back."""
