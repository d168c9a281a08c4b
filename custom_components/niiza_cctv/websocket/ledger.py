"""What the page of the ledger asks for over the websocket.

`niiza_cctv/ledger` {"before": number?} → `{"entries": [EntryShown…]}`: up to 50 entries of the ledger below that
number, the newest first, and `"folders": [StrayShown…]`: what was set aside because no case knows it. For holders of a role who are not a tablet; anybody else is refused, recorded.
"""

from collections.abc import Mapping

import probatio

from ..responses.ledger import EntriesResponse, show_entry, show_strays
from .base import Command, CommandCall, reader

# Entries of the ledger that are shown at a time.
_PAGE = 50


async def _read_ledger(call: CommandCall) -> EntriesResponse:
    """Show a page of the ledger: who did what, who looked, and what was refused."""
    ledger = call.evidence.ledger
    names = {one.subject: one.name for one in call.entry.runtime_data.cameras.assets()}
    before = min(call.msg.get("before", ledger.head.number + 1), ledger.head.number + 1)
    page = [
        one
        async for one in ledger.entries(
            after=max(0, before - 1 - _PAGE), limit=min(_PAGE, before - 1)
        )
    ]
    return EntriesResponse(
        entries=[show_entry(one, names) for one in reversed(page)],
        folders=show_strays(call.evidence.strays),
    )


COMMANDS: Mapping[str, Command] = {
    "ledger": Command(
        answer=_read_ledger,
        door=reader,
        schema={probatio.Optional("before"): probatio.All(int, probatio.Range(min=1))},
    ),
}
