"""Footage on a camera's card: the ONVIF replay client and the read-back that proves the card."""
