"""Where cameras report their address, on Home Assistant's own port."""

from aiohttp import web
from homeassistant.config_entries import ConfigEntryState
from homeassistant.helpers.http import KEY_HASS, HomeAssistantView

from ..const import DOMAIN
from ..entry_data import address_options
from ..lib.inbound.address import DynDnsReply
from ..managers.addresses import REPORT_PATH
from ..runtime import NiizaConfigEntry


class AddressView(HomeAssistantView):
    """Where DDNS clients report, on Home Assistant's own port; its ban list stands before it."""

    url = REPORT_PATH
    extra_urls = [f"{REPORT_PATH}/"]  # noqa: RUF012 - as core declares it
    name = f"{DOMAIN}:address_report"
    # Cameras prove themselves by their own id and password.
    requires_auth = False

    async def get(self, request: web.Request) -> web.Response:
        """Take a report."""
        entries: list[NiizaConfigEntry] = request.app[KEY_HASS].config_entries.async_entries(DOMAIN)
        for entry in entries:
            if entry.state is ConfigEntryState.LOADED:
                return await entry.runtime_data.addresses.async_answer(request)
            if address_options(entry.options).enabled:
                # It is being loaded; at 404 some clients stop for good.
                return web.Response(text=f"{DynDnsReply.TROUBLE}\n")
        raise web.HTTPNotFound

    # What is neither GET nor POST is answered in the protocol's own words.
    post = put = delete = patch = head = get
