"""What runs while the section is loaded; ways in call it, it calls none of them."""
