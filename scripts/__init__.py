"""What developers run; `scripts/NAME` without an ending is the way in."""
