"""What can go wrong with the ledger: one class per remedy, and no message holds a credential."""


class LedgerError(Exception):
    """Nothing is promised to be written."""


class LedgerUnavailable(LedgerError):
    """The database cannot be written now (down, full, read-only, replaced); it is tried again."""


class LedgerForked(LedgerError):
    """Somebody else writes to our chain; nothing is written until the ledger is opened again."""


class LedgerBroken(LedgerError):
    """What the database holds is no chain, so nothing can be appended to it or read from it."""


class LedgerUnproved(LedgerError):
    """The ledger is being verified: what it says is not yet proved; in a moment it is."""


class EntryInvalid(LedgerError, ValueError):
    """The entry has no canonical form (a float, a lone surrogate, too large)."""
