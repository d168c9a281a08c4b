"""Station cameras whose recording is proved."""
