"""One station camera over ONVIF: what it says, and what of that is proved.

Plain Python: nothing here imports Home Assistant. `camera.py` is the way in.
"""
