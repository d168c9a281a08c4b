"""One camera's ONVIF services: log-in, clock, addresses and the calls that the integration needs.

Only the configured host is ever contacted, and a session handed in is never changed or closed.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
import ipaddress
import re
import ssl
from typing import Final
from urllib.parse import SplitResult, urlsplit

import aiohttp

from . import soap
from .access import is_administrator
from .errors import (
    CameraAnswerInvalid,
    CameraError,
    CameraLockedOut,
    CameraOperationUnsupported,
    CameraRefused,
    CameraRightMissing,
    CameraUnreachable,
)
from .model import (
    CameraAddress,
    CameraIdentity,
    ClockMode,
    ClockReading,
    ClockSettings,
    Credential,
    EncoderConfiguration,
    JobState,
    MediaProfile,
    ProfileSettings,
    Recording,
    RecordingJob,
    Services,
    ServiceVersion,
    TimeServers,
    TrackEvent,
)
from .parse.clock import parse_clock_settings, parse_time_servers
from .parse.device import (
    parse_capabilities,
    parse_device_information,
    parse_network_interfaces,
    parse_scopes,
    parse_service_versions,
    parse_services,
    parse_users,
)
from .parse.events import parse_event_topics
from .parse.fields import parse_done
from .parse.media import parse_encoder_sizes, parse_profile_settings, parse_profiles, parse_uri
from .parse.recording import (
    MAX_RECORDINGS,
    parse_recording_job_state,
    parse_recording_jobs,
    parse_recordings,
    parse_replay_uri,
)
from .parse.search import (
    parse_end_search,
    parse_event_search,
    parse_recording_information,
    parse_recording_search,
    parse_search_token,
)
from .pullpoint import EVENTS, PullPoint
from .quirks import Quirk, Quirks
from .session import DEVICE, Call, OneTrySession, OnvifSession

_MEDIA: Final = "http://www.onvif.org/ver10/media/wsdl"
_MEDIA2: Final = "http://www.onvif.org/ver20/media/wsdl"
_RECORDING: Final = "http://www.onvif.org/ver10/recording/wsdl"
_SEARCH: Final = "http://www.onvif.org/ver10/search/wsdl"
_REPLAY: Final = "http://www.onvif.org/ver10/replay/wsdl"
_SCHEMA: Final = "http://www.onvif.org/ver10/schema"

_MAX_SNAPSHOT: Final = 8 * 1024 * 1024
# Recordings that are asked for one by one; more of them are looked for, some hundred in an answer.
_MAX_DESCRIBED: Final = 64
_SEARCH_RESULTS: Final = 100
_SEARCH_PAGES: Final = 512
# Pages of such a search in a row that bring nothing new.
_SEARCH_PAGES_IDLE: Final = 32
# A card that records on motion has some thousand stretches in two weeks.
_MAX_EVENTS: Final = 20_000
_EVENT_PAGES: Final = 256
_EVENT_RESULTS: Final = 250
# Pages in a row that bring nothing new.
_EVENT_PAGES_IDLE: Final = 12
_END_SEARCH_TIMEOUT: Final = 3.0

_STREAM_SETUP: Final = (
    f'<StreamSetup><t:Stream xmlns:t="{_SCHEMA}">RTP-Unicast</t:Stream>'
    f'<t:Transport xmlns:t="{_SCHEMA}"><t:Protocol>RTSP</t:Protocol></t:Transport></StreamSetup>'
)


_HISTORY_FILTER: Final = (
    '<w:TopicExpression xmlns:w="http://docs.oasis-open.org/wsn/b-2"'
    ' xmlns:tns1="http://www.onvif.org/ver10/topics"'
    ' Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">'
    "tns1:RecordingHistory/{}</w:TopicExpression>"
)


_HOST_NAME: Final = re.compile(
    r"(?=.{1,253}$)(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?\.)*"
    r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?",
    re.ASCII,
)


def host_kind(host: str) -> str | None:
    """Return the tt:NetworkHostType ("IPv4", "IPv6", "DNS") of an address or a name, None where it is neither."""
    try:
        return f"IPv{ipaddress.ip_address(host).version}"
    except ValueError:
        return "DNS" if _HOST_NAME.fullmatch(host) else None


async def fetch_fingerprint(host: str, port: int, *, timeout: float = 10.0) -> str:
    """Return the SHA-256 fingerprint (lower-case hex) of the certificate that a TLS server shows.

    Raises CameraUnreachable when nothing there speaks TLS within `timeout` seconds.
    """
    # Made bare: the usual helper would read the machine's certificates from disk, and none is wanted here.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        async with asyncio.timeout(timeout):
            _, writer = await asyncio.open_connection(host, port, ssl=context)
    except (OSError, ValueError) as err:
        raise CameraUnreachable(f"no TLS connection: {type(err).__name__}") from err
    try:
        certificate: bytes = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    finally:
        writer.transport.abort()
    return sha256(certificate).hexdigest()


class OnvifClient:
    """One camera's ONVIF services.

    Every method raises only classes of `errors.py`. After a refused log-in all calls that need one raise
    CameraLockedOut for a while, without touching the network; a new client starts clean.
    """

    def __init__(
        self,
        http: aiohttp.ClientSession,
        address: CameraAddress,
        credential: Credential,
        *,
        timeout: float = 10.0,
        once: bool = False,
        search_pause: float = 0.1,
        quirks: Quirks | None = None,
    ) -> None:
        """Take a session to borrow; nothing is contacted. `timeout` is for one answer, in seconds.

        What had to be put right of the answers goes to `quirks`.

        So many seconds, ten times as many at most, are left to a search after each page without anything new.

        With `once` a password that is refused was tried a single time (`OneTrySession`).

        Raises ValueError when the pinned fingerprint is not 64 hexadecimal digits.
        """
        self.address = address
        self.credential = credential
        self.services: Services | None = None
        kind = OneTrySession if once else OnvifSession
        self.session = kind(http, address, credential, timeout, quirks)
        self._search_pause = search_pause
        self._media2_fails = False
        self._job_states_fail = False
        self._recordings_by_search = False
        # The card holds more recordings than `recordings` returned the last time.
        self.lists_more = False

    # --- Connection and clock ---------------------------------------------------------------------------

    @property
    def clock(self) -> ClockReading | None:
        """Return the newest measurement of the camera's clock."""
        return self.session.clock

    async def connect(self) -> Services:
        """Read the clock, then the services, without a log-in where the camera lets us.

        Device specification, 8.1.2 and 8.3.5: both are for everybody.
        """
        self.session.check()
        self._media2_fails = self._job_states_fail = self._recordings_by_search = False
        # A clock that does not tell is no reason yet to give up: the next answer shows what this is.
        with suppress(CameraAnswerInvalid, CameraOperationUnsupported):
            await self.read_clock()
        try:
            services = await self.session.ask_openly(
                self.session.device_call(
                    "GetServices",
                    parse_services,
                    "<IncludeCapability>false</IncludeCapability>",
                )
            )
        except CameraAnswerInvalid, CameraOperationUnsupported:
            services = await self.session.ask_openly(
                self.session.device_call(
                    "GetCapabilities", parse_capabilities, "<Category>All</Category>"
                )
            )
        urls: dict[str, str | None] = {
            field.name: getattr(services, field.name) for field in fields(services)
        }
        found = {name: self.rewrite(url) for name, url in urls.items() if url}
        # What has just answered is kept, whatever the camera calls it.
        self.services = Services(**{**found, "device": self.session.device_url})
        return self.services

    async def read_clock(self) -> ClockReading:
        """Measure the camera's clock; needs no log-in, and so works also while log-ins are held back."""
        return await self.session.read_clock()

    # --- Device -----------------------------------------------------------------------------------------

    async def identity(self) -> CameraIdentity:
        """Return who the camera is; hardware addresses where the user may read them."""
        identity = await self.session.ask(
            self.session.device_call("GetDeviceInformation", parse_device_information)
        )
        try:
            macs = await self.session.ask(
                self.session.device_call("GetNetworkInterfaces", parse_network_interfaces)
            )
        except CameraRefused, CameraAnswerInvalid, CameraOperationUnsupported:
            # Not every user's business on some cameras; a refused password shows at the next call anyway.
            return identity
        return replace(identity, macs=macs)

    async def scopes(self) -> tuple[str, ...]:
        """Return the scope URIs that the camera announces."""
        return await self.session.ask(self.session.device_call("GetScopes", parse_scopes))

    async def service_versions(self) -> tuple[ServiceVersion, ...]:
        """Return every service that the camera names, those that nobody here asks included."""
        return await self.session.ask_openly(
            self.session.device_call(
                "GetServices",
                parse_service_versions,
                "<IncludeCapability>false</IncludeCapability>",
            )
        )

    async def logs_in_as_administrator(self) -> bool | None:
        """Return whether our user is one who may change the camera; nothing of it is changed. None: it does not say."""
        try:
            users = await self.session.ask(self.session.device_call("GetUsers", parse_users))
        except CameraLockedOut:
            raise
        except CameraRightMissing:
            return False
        except CameraAnswerInvalid, CameraOperationUnsupported:
            return None
        return is_administrator(self.credential.username, users)

    async def answers_anonymously(self) -> bool | None:
        """Return whether the camera shows its media profiles to somebody without any credential.

        None: neither that nor a refusal came, but a page for people, or that there is no such thing.
        """
        try:
            await self.session.ask_as_nobody(self._profiles(parse_profiles))
        except CameraRefused:
            return False
        except CameraAnswerInvalid, CameraOperationUnsupported:
            return None
        return True

    # --- Media ------------------------------------------------------------------------------------------

    async def profiles(self) -> tuple[MediaProfile, ...]:
        """Return the media profiles, of Media2 where it serves, else of Media."""
        return await self._from_media(lambda: self._profiles(parse_profiles))

    async def _from_media[T](self, call: Callable[[], Call[T]]) -> T:
        """Ask Media2 where it serves, else Media."""
        try:
            return await self.session.ask(call())
        except CameraAnswerInvalid, CameraOperationUnsupported:
            # A Media2 that does not show configurations is worth less than the older service.
            if not self.forgo_media2():
                raise
        return await self.session.ask(call())

    def forgo_media2(self) -> bool:
        """Use the older media service from now on; return whether there is one that was not in use yet."""
        if self._media()[1] != _MEDIA2 or self._url("media") is None:
            return False
        self._media2_fails = True
        return True

    def _media(self) -> tuple[str, str]:
        """Return the name and namespace of the media service to use."""
        if self._url("media2") is not None and not self._media2_fails:
            return "media2", _MEDIA2
        return "media", _MEDIA

    def _profiles[T](self, parser: soap.Parser[T]) -> Call[T]:
        service, space = self._media()
        # Without a Type, Media2 answers names only.
        types = "<Type>All</Type>" if space == _MEDIA2 else ""
        return self._call(service, space, "GetProfiles", parser, types)

    async def stream_uri(self, profile_token: str) -> str:
        """Return the RTSP address of a profile, to be read over TCP, without a credential inside."""
        service, space = self._media()
        setup = "<Protocol>RTSP</Protocol>" if space == _MEDIA2 else _STREAM_SETUP
        token = f"<ProfileToken>{soap.text_of(profile_token)}</ProfileToken>"
        return self._rtsp(
            await self.session.ask(
                self._call(service, space, "GetStreamUri", parse_uri, setup + token)
            )
        )

    async def synchronize(self, profile_token: str) -> None:
        """Ask for a synchronization point in a profile's stream: a key picture, and what else a stream begins with."""
        service, space = self._media()
        token = f"<ProfileToken>{soap.text_of(profile_token)}</ProfileToken>"
        await self._set(service, space, "SetSynchronizationPoint", token)

    async def snapshot_uri(self, profile_token: str) -> str | None:
        """Return the HTTP address of a profile's still picture, None where the camera offers none."""
        service, space = self._media()
        token = f"<ProfileToken>{soap.text_of(profile_token)}</ProfileToken>"
        try:
            uri = await self.session.ask(
                self._call(service, space, "GetSnapshotUri", parse_uri, token)
            )
        except CameraOperationUnsupported:
            return None
        return self.rewrite(uri)

    async def snapshot(self, uri: str) -> bytes:
        """Return the JPEG at an address of `snapshot_uri`, at most 8 MiB, by digest or basic log-in."""
        answer = await self.session.picture(self.rewrite(uri), _MAX_SNAPSHOT)
        if answer.status != 200 or not answer.body.startswith(b"\xff\xd8"):
            raise CameraAnswerInvalid(f"HTTP {answer.status}, not a JPEG")
        return answer.body

    # --- Settings ---------------------------------------------------------------------------------------
    # What changes something needs another user than the viewing one; `lib/settings/change.py` holds the rules.

    async def profile_settings(self) -> tuple[ProfileSettings, ...]:
        """Return what can be changed in the media profiles, of the service in use."""
        return await self._from_media(lambda: self._profiles(parse_profile_settings))

    async def encoder_sizes(self, encoder: EncoderConfiguration) -> tuple[tuple[int, int], ...]:
        """Return what width and height an encoder can be set to in its present encoding, the tallest first."""
        service, space = self._media()
        return await self.session.ask(
            self._call(
                service,
                space,
                "GetVideoEncoderConfigurationOptions",
                partial(parse_encoder_sizes, encoding=encoder.encoding),
                f"<ConfigurationToken>{soap.text_of(encoder.token)}</ConfigurationToken>",
            )
        )

    async def set_encoder_size(
        self, encoder: EncoderConfiguration, width: int, height: int
    ) -> None:
        """Give an encoder another size and leave everything else as it was read, for good."""
        service, space = self._media()
        inside = soap.with_size(encoder.xml, width, height)
        if space == _MEDIA:
            # What Media2 sets persists by itself.
            inside += "<ForcePersistence>true</ForcePersistence>"
        await self._set(service, space, "SetVideoEncoderConfiguration", inside)

    async def remove_audio_encoder(self, profile_token: str) -> None:
        """Take the audio encoder out of a profile."""
        await self._remove(profile_token, "AudioEncoder")

    async def remove_audio_source(self, profile_token: str) -> None:
        """Take the microphone out of a profile."""
        await self._remove(profile_token, "AudioSource")

    async def _remove(self, profile_token: str, kind: str) -> None:
        service, space = self._media()
        token = f"<ProfileToken>{soap.text_of(profile_token)}</ProfileToken>"
        if space == _MEDIA2:
            kinds = f"<Configuration><Type>{kind}</Type></Configuration>"
            await self._set(service, space, "RemoveConfiguration", token + kinds)
        else:
            await self._set(service, space, f"Remove{kind}Configuration", token)

    async def clock_settings(self) -> ClockSettings:
        """Return how the clock is set; what it shows tells `read_clock`."""
        return await self.session.ask_openly(
            self.session.device_call("GetSystemDateAndTime", parse_clock_settings)
        )

    async def set_clock(self, settings: ClockSettings) -> None:
        """Set the clock to ours, or let NTP have it, as `settings.mode` says; without a zone's text the zone stays.

        Waits for the beginning of a second, since the protocol carries whole ones only.
        """
        moment = ""
        if settings.mode is not ClockMode.NTP:
            now = datetime.now(UTC)
            start = now.replace(microsecond=0) + timedelta(seconds=1)
            await asyncio.sleep((start - now).total_seconds())
            moment = (
                f'<UTCDateTime xmlns:t="{_SCHEMA}"><t:Time><t:Hour>{start.hour}</t:Hour>'
                f"<t:Minute>{start.minute}</t:Minute><t:Second>{start.second}</t:Second></t:Time>"
                f"<t:Date><t:Year>{start.year}</t:Year><t:Month>{start.month}</t:Month>"
                f"<t:Day>{start.day}</t:Day></t:Date></UTCDateTime>"
            )
        kind = "NTP" if settings.mode is ClockMode.NTP else "Manual"
        zone = (
            f'<TimeZone><t:TZ xmlns:t="{_SCHEMA}">{soap.text_of(settings.time_zone)}</t:TZ></TimeZone>'
            if settings.time_zone
            else ""
        )
        daylight = "true" if settings.daylight_savings else "false"
        await self._set(
            "device",
            DEVICE,
            "SetSystemDateAndTime",
            f"<DateTimeType>{kind}</DateTimeType><DaylightSavings>{daylight}</DaylightSavings>"
            f"{zone}{moment}",
        )

    async def time_servers(self) -> TimeServers:
        """Return where the camera gets the time from."""
        return await self.session.ask(self.session.device_call("GetNTP", parse_time_servers))

    async def set_time_server(self, server: str) -> None:
        """Name one time server, a host name or an address, in the place of all."""
        kind = host_kind(server)
        field = "DNSname" if kind == "DNS" else f"{kind}Address"
        await self._set(
            "device",
            DEVICE,
            "SetNTP",
            f'<FromDHCP>false</FromDHCP><NTPManual xmlns:t="{_SCHEMA}"><t:Type>{kind}</t:Type>'
            f"<t:{field}>{soap.text_of(server)}</t:{field}></NTPManual>",
        )

    async def _set(self, service: str, space: str, operation: str, inside: str) -> None:
        """Change something; cameras take longer over it than over a question."""
        parser = partial(parse_done, operation=operation)
        url = self.session.device_url if space == DEVICE else self._required(service)
        call = Call.of(url, space, operation, parser, inside)
        await self.session.ask(replace(call, timeout=2 * self.session.timeout))

    # --- Recordings -------------------------------------------------------------------------------------

    async def recordings(self) -> tuple[Recording, ...]:
        """Return the recordings on the card, at most MAX_RECORDINGS, with their bounds where the camera can be searched.

        Recording Control 5.14 and Recording Search 5.3; where one of them is missing, or there are many, a search
        (5.5) for all. `lists_more` says whether there are more than are returned.
        An empty answer is an answer: some cameras list only what was recorded by order of ONVIF.
        """
        found = await self._read_recordings()
        if lists_more := len(found) > MAX_RECORDINGS:
            self.session.quirks.note(Quirk.RECORDINGS_CUT)
        self.lists_more = lists_more
        return found[:MAX_RECORDINGS]

    async def _read_recordings(self) -> tuple[Recording, ...]:
        """Return the recordings, one more than MAX_RECORDINGS at most."""
        searchable = self._url("search") is not None
        if searchable and (self._recordings_by_search or self._url("recording") is None):
            return await self._search_recordings()
        try:
            recordings = await self.session.ask(
                self._call("recording", _RECORDING, "GetRecordings", parse_recordings)
            )
        except CameraOperationUnsupported:
            if not searchable:
                raise
            self._recordings_by_search = True
            return await self._search_recordings()
        except CameraAnswerInvalid:
            # A list of a thousand, without pages, is more than is taken in one answer.
            if not searchable:
                raise
            return await self._search_recordings()
        if not searchable:
            return recordings
        if not recordings:
            # Nothing on a card needs proof: some list only what ONVIF ordered, and find the rest.
            with suppress(CameraAnswerInvalid, CameraOperationUnsupported, CameraRightMissing):
                return await self._search_recordings()
        return await self._described(recordings)

    async def _described(self, recordings: tuple[Recording, ...]) -> tuple[Recording, ...]:
        """Return listed recordings with their bounds and states, many of them by one search."""
        found: dict[str, Recording] = {}
        if len(recordings) > _MAX_DESCRIBED:
            with suppress(CameraAnswerInvalid, CameraOperationUnsupported, CameraRightMissing):
                found = {one.token: one for one in await self._search_recordings()}
        try:
            return tuple(
                [
                    replace(known, tracks=known.tracks or recording.tracks)
                    if (known := found.get(recording.token)) is not None
                    else await self._describe(recording)
                    for recording in recordings
                ]
            )
        except CameraOperationUnsupported:
            self._recordings_by_search = True
            return await self._search_recordings()

    async def _describe(self, recording: Recording) -> Recording:
        """Return a listed recording with its bounds and state."""
        try:
            return await self._information(recording)
        except CameraAnswerInvalid:
            # One recording that is gone or cannot be described does not hide the others.
            return recording

    async def _information(self, recording: Recording) -> Recording:
        """Ask for the bounds and the state of a recording."""
        token = f"<RecordingToken>{soap.text_of(recording.token)}</RecordingToken>"
        parser = partial(
            parse_recording_information,
            camera_now=self.session.camera_now(),
            zone=self.session.zone,
        )
        found = await self.session.ask(
            self._call("search", _SEARCH, "GetRecordingInformation", parser, token)
        )
        return replace(found, token=recording.token, tracks=found.tracks or recording.tracks)

    async def recording_now(self, recording: Recording) -> Recording:
        """Return one known recording as it is now, by a single call (Recording Search 5.3).

        Raises CameraAnswerInvalid when it is gone: then `recordings` tells what there is instead.
        """
        if self._url("search") is None or self._recordings_by_search:
            raise CameraOperationUnsupported("a single recording cannot be asked for")
        return await self._information(recording)

    async def _search_recordings(self) -> tuple[Recording, ...]:
        """Return the recordings that a search for all of them finds."""
        limit = MAX_RECORDINGS + 1
        token = await self.session.ask(
            self._call(
                "search",
                _SEARCH,
                "FindRecordings",
                parse_search_token,
                f"<Scope/><MaxMatches>{limit}</MaxMatches><KeepAliveTime>PT30S</KeepAliveTime>",
            )
        )
        parser = partial(
            parse_recording_search,
            camera_now=self.session.camera_now(),
            zone=self.session.zone,
        )
        call = self._call(
            "search",
            _SEARCH,
            "GetRecordingSearchResults",
            parser,
            f"<SearchToken>{soap.text_of(token)}</SearchToken>"
            f"<MaxResults>{_SEARCH_RESULTS}</MaxResults><WaitTime>PT2S</WaitTime>",
        )
        found: dict[str, Recording] = {}
        idle = 0
        try:
            async with asyncio.timeout(3 * self.session.timeout):
                for _ in range(_SEARCH_PAGES):
                    page = await self.session.ask(call)
                    known = len(found)
                    for recording in page.recordings:
                        found.setdefault(recording.token, recording)
                    if page.completed or len(found) >= limit:
                        return tuple(found.values())[:limit]
                    idle = idle + 1 if len(found) == known else 0
                    if idle >= _SEARCH_PAGES_IDLE:
                        break
        except TimeoutError as err:
            raise CameraUnreachable("the search for recordings did not end in time") from err
        finally:
            await self._end_search(token)
        raise CameraAnswerInvalid("the search for recordings has no end")

    async def find_track_events(self, start: datetime, end: datetime) -> tuple[TrackEvent, ...]:
        """Return where the footage of all recordings begins and ends between two moments of camera time.

        Recording Search 5.8 and 5.9, with the state at the start: those of tracks, or where the camera has none those
        of whole recordings. In the order in which the camera told them, equal ones once. Raises
        CameraOperationUnsupported where the camera cannot, CameraAnswerInvalid where its search never completes
        or finds more than 20,000 events: part of the events would show gaps that are none.
        """
        return await self._search_events("Track/State", start, end) or await self._search_events(
            "Recording/State", start, end
        )

    async def _search_events(
        self, topic: str, start: datetime, end: datetime
    ) -> tuple[TrackEvent, ...]:
        """Return what one search for a topic of the recordings' history finds."""
        token = await self._start_event_search(topic, start, end)
        call = self._call(
            "search",
            _SEARCH,
            "GetEventSearchResults",
            partial(parse_event_search, camera_now=self.session.camera_now()),
            f"<SearchToken>{soap.text_of(token)}</SearchToken><MinResults>1</MinResults>"
            f"<MaxResults>{_EVENT_RESULTS}</MaxResults><WaitTime>PT2S</WaitTime>",
        )
        found: dict[TrackEvent, None] = {}
        idle = 0
        try:
            async with asyncio.timeout(3 * self.session.timeout):
                for _ in range(_EVENT_PAGES):
                    page = await self.session.ask(call)
                    known = len(found)
                    found.update(
                        # How it stood where the search began; what time cameras write there varies.
                        (replace(event, at=start) if event.start_state else event, None)
                        for event in page.events
                    )
                    if page.completed:
                        return tuple(found)
                    idle = idle + 1 if len(found) == known else 0
                    if idle >= _EVENT_PAGES_IDLE or len(found) > _MAX_EVENTS:
                        break
                    if idle:
                        # Some do not wait by themselves.
                        await asyncio.sleep(self._search_pause * min(idle, 10))
        except TimeoutError as err:
            raise CameraAnswerInvalid("the search for events did not end in time") from err
        finally:
            await self._end_search(token)
        raise CameraAnswerInvalid("the search for events has no end")

    async def _start_event_search(self, topic: str, start: datetime, end: datetime) -> str:
        """Begin a search for the history of recordings, without a filter where the camera refuses ours."""
        moments = f"<StartPoint>{_utc(start)}</StartPoint><EndPoint>{_utc(end)}</EndPoint><Scope/>"
        rest = "<IncludeStartState>true</IncludeStartState><KeepAliveTime>PT30S</KeepAliveTime>"

        def call(search_filter: str) -> Call[str]:
            return self._call(
                "search",
                _SEARCH,
                "FindEvents",
                parse_search_token,
                f"{moments}<SearchFilter>{search_filter}</SearchFilter>{rest}",
            )

        try:
            return await self.session.ask(call(_HISTORY_FILTER.format(topic)))
        except CameraAnswerInvalid:
            return await self.session.ask(call(""))

    async def _end_search(self, token: str) -> None:
        """Give a search back: cameras keep few at a time. Whatever it answers, the search is over for us."""
        call = self._call(
            "search",
            _SEARCH,
            "EndSearch",
            parse_end_search,
            f"<SearchToken>{soap.text_of(token)}</SearchToken>",
        )

        async def end() -> None:
            with suppress(CameraError, TimeoutError):
                async with asyncio.timeout(_END_SEARCH_TIMEOUT):
                    await self.session.ask(call)

        await asyncio.shield(end())

    async def recording_jobs(self) -> tuple[RecordingJob, ...]:
        """Return the recording jobs with their states (Recording Control 5.21 and 5.25)."""
        jobs = await self.session.ask(
            self._call("recording", _RECORDING, "GetRecordingJobs", parse_recording_jobs)
        )
        return tuple([replace(job, state=await self._job_state(job.token)) for job in jobs])

    async def _job_state(self, job_token: str) -> JobState:
        """Return the state of a job, UNKNOWN where the camera does not tell."""
        if self._job_states_fail:
            return JobState.UNKNOWN
        token = f"<JobToken>{soap.text_of(job_token)}</JobToken>"
        try:
            return await self.session.ask(
                self._call(
                    "recording",
                    _RECORDING,
                    "GetRecordingJobState",
                    parse_recording_job_state,
                    token,
                )
            )
        except CameraOperationUnsupported:
            self._job_states_fail = True
        except CameraAnswerInvalid:
            pass
        return JobState.UNKNOWN

    async def replay_uri(self, recording_token: str) -> str:
        """Return the RTSP address that replays a recording, without a credential inside."""
        token = f"<RecordingToken>{soap.text_of(recording_token)}</RecordingToken>"
        return self._rtsp(
            await self.session.ask(
                self._call(
                    "replay",
                    _REPLAY,
                    "GetReplayUri",
                    parse_replay_uri,
                    _STREAM_SETUP + token,
                )
            )
        )

    # --- Events -----------------------------------------------------------------------------------------

    async def event_topics(self) -> tuple[str, ...]:
        """Return the topics that the camera announces (Core 9.7)."""
        return await self.session.ask(
            Call(
                url=self._required("events"),
                action=f"{EVENTS}/EventPortType/GetEventPropertiesRequest",
                body=f'<GetEventProperties xmlns="{EVENTS}"/>',
                parser=parse_event_topics,
                may_be_missing=True,
            )
        )

    async def pull_point(self) -> PullPoint:
        """Subscribe to all events; the states of properties come with the first pull."""
        return await PullPoint.create(self.session, self._required("events"), self.rewrite)

    # --- Addresses --------------------------------------------------------------------------------------

    def rewrite(self, url: str) -> str:
        """Return an address that the camera named, led to the configured host.

        Cameras behind NAT name the address that they have there. HTTP gets the configured scheme, and keeps
        the camera's port only with the very host that is configured; RTSP keeps its port. User names and
        passwords inside are dropped. Raises CameraAnswerInvalid for anything else.
        """
        parts, port = _split(url)
        host = self.session.host
        path = f"/{parts.path.removeprefix('/')}"
        if parts.scheme in {"rtsp", "rtsps"}:
            origin = f"{parts.scheme}://{host}:{port}" if port else f"{parts.scheme}://{host}"
        elif parts.scheme not in {"", "http", "https"}:
            raise CameraAnswerInvalid("the camera named an address that is neither HTTP nor RTSP")
        elif (
            port
            and parts.scheme == self.session.scheme
            and (parts.hostname or "").lower()
            in {self.address.host.lower(), (self.address.name or "").lower()} - {""}
        ):
            origin = f"{self.session.scheme}://{host}:{port}"
        else:
            origin = self.session.origin
        return f"{origin}{path}?{parts.query}" if parts.query else f"{origin}{path}"

    def _rtsp(self, url: str) -> str:
        if not url.lower().startswith(("rtsp:", "rtsps:")):
            raise CameraAnswerInvalid("the camera named a stream that is not RTSP")
        return self.rewrite(url)

    def _url(self, service: str) -> str | None:
        url: str | None = getattr(self.services, service, None)
        return url

    def _required(self, service: str) -> str:
        if (url := self._url(service)) is None:
            raise CameraOperationUnsupported(f"the camera has no {service} service")
        return url

    # --- Calls ------------------------------------------------------------------------------------------

    def _call[T](
        self, service: str, space: str, operation: str, parser: soap.Parser[T], inside: str = ""
    ) -> Call[T]:
        call = Call.of(self._required(service), space, operation, parser, inside)
        return replace(call, may_be_missing=True)


def _utc(moment: datetime) -> str:
    """Return a moment as xs:dateTime, in whole seconds."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _split(url: str) -> tuple[SplitResult, int | None]:
    """Return an address's parts and port, None where it names no port."""
    # What cannot stand in a request line would end up as a second one.
    if len(url) > 2048 or not url.isascii() or not url.isprintable() or " " in url:
        raise CameraAnswerInvalid("the camera named an address that is none")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as err:
        raise CameraAnswerInvalid("the camera named an address that is none") from err
    return parts, port
