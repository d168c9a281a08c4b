"""Which service an operation belongs to, by the namespace of its request."""

import re
from typing import Final

from ..device.session import Heard

_SERVICES: Final = {
    "http://www.onvif.org/ver10/device/wsdl": "device",
    "http://www.onvif.org/ver10/media/wsdl": "media",
    "http://www.onvif.org/ver20/media/wsdl": "media2",
    "http://www.onvif.org/ver10/events/wsdl": "events",
    "http://docs.oasis-open.org/wsn/b-2": "events",
    "http://www.onvif.org/ver10/recording/wsdl": "recording",
    "http://www.onvif.org/ver10/search/wsdl": "search",
    "http://www.onvif.org/ver10/replay/wsdl": "replay",
}
# Our own requests name their namespace in their first element.
_SPACE: Final = re.compile(r'\A<\w+ xmlns="([^"]{1,200})"')


def service_of(heard: Heard) -> str | None:
    """Return the service that was asked, None for a page or a stream."""
    found = _SPACE.match(heard.asked)
    return None if found is None else _SERVICES.get(found[1])
