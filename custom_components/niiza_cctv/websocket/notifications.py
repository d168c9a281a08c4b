"""What somebody was told, as the panel shows it to them alone: `niiza_cctv/info` lists it, this puts one away."""

from collections.abc import Mapping

import probatio

from .base import Command, CommandCall, guest


async def _dismiss(call: CommandCall) -> None:
    """Put away one of the caller's own notices; everybody else keeps theirs."""
    await call.entry.runtime_data.phones.inbox.remove([call.connection.user.id], call.msg["tag"])


COMMANDS: Mapping[str, Command] = {
    "dismiss_notice": Command(answer=_dismiss, door=guest, schema={probatio.Required("tag"): str})
}
