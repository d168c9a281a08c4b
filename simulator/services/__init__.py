"""The ONVIF services of a virtual camera, one module each."""
