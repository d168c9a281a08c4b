"""What people must look at regularly; plain Python, without Home Assistant."""
