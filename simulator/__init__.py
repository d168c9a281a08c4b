"""A virtual station of ONVIF cameras, for tests and the demo; shares no code with the integration."""
