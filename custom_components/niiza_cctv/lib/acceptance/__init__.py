"""The acceptance test of a camera: what it shows of itself, and whether it does what the section needs of one."""
