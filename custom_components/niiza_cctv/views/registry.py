"""The views that Home Assistant is told of: the one list of them."""

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.http import HomeAssistantView

from .address_report import AddressView
from .check_photos import CheckPhotoView
from .download import DownloadView
from .notification_images import AlertPictureView
from .playback import MaskStillView, PlaybackView, StillView
from .settings import SettingsView

VIEWS: tuple[type[HomeAssistantView], ...] = (
    DownloadView,
    PlaybackView,
    StillView,
    MaskStillView,
    CheckPhotoView,
    AlertPictureView,
    SettingsView,
    AddressView,
)


@callback
def async_setup_views(hass: HomeAssistant) -> None:
    """Register all of them, whether the section is loaded or not."""
    for view in VIEWS:
        hass.http.register_view(view)
