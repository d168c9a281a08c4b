"""What runs while the section is loaded."""
