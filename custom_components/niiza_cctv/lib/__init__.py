"""What the integration knows of cameras, footage and records: plain Python, without Home Assistant."""
