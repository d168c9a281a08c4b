"""Home Assistant's actions: each translates one call into what a manager or the library does."""
