"""ONVIF Recording Search service."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
import random
import time
from typing import ClassVar, override

from lxml import etree

from simulator.camera import Quirk
from simulator.card import CardRecording, CardTrack
from simulator.services.base import (
    TSE,
    Access,
    Call,
    Service,
    SoapFault,
    flag,
    invalid,
    local,
    operation,
    parse_duration,
    parse_time,
    q,
    stamp,
)
from simulator.services.events import topic_filter
from simulator.services.recording import listed, source

# What a track without any data says: the schema wants times.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
# Milesight's earliest recording.
EARLY = datetime(1970, 1, 1, 0, 3, 15, tzinfo=UTC)
MAX_SEARCHES = 8
MAX_RESULTS = 500
# How far wrong a wrong end of a recording is.
WRONG_BY = timedelta(minutes=30)
MAX_KEEP_ALIVE = timedelta(hours=1)


@dataclass(kw_only=True)
class Search:
    """A search under way: what has not been fetched yet."""

    operation: str
    keep_alive: float
    expires: float
    end_point: datetime
    results: list[str] = field(default_factory=list)


class SearchService(Service):
    """Recording search."""

    namespace: ClassVar[str] = TSE
    prefix: ClassVar[str] = "tse"
    path: ClassVar[str] = "/onvif/search_service"
    version: ClassVar[tuple[int, int]] = (20, 12)
    _searches: dict[str, Search]
    _numbers: count[int]

    @override
    def present(self) -> bool:
        return not self.camera.has(Quirk.NO_PROFILE_G)

    @override
    def reset(self) -> None:
        self._searches = {}
        self._numbers = count(1)

    @override
    def capabilities(self) -> str:
        return '<tse:Capabilities MetadataSearch="false" GeneralStartEvents="false"/>'

    @property
    def under_way(self) -> int:
        """Return how many searches nobody has ended yet."""
        now = time.monotonic()
        return sum(search.expires > now for search in self._searches.values())

    def _time(self, at: datetime) -> str:
        if self.camera.has(Quirk.LOCAL_TIME_WITHOUT_ZONE):
            return local(self.camera, at).replace(tzinfo=None).isoformat(timespec="seconds")
        return stamp(at)

    def _track(self, recording: CardRecording, track: CardTrack, tag: str) -> str:
        start, end = track.data_from, track.data_to
        if track.kind == "Audio" and self.camera.has(Quirk.AUDIO_TRACK_WITHOUT_AUDIO):
            start, end = recording.earliest, recording.latest
        if start is not None and self.camera.has(Quirk.DATA_FROM_1970):
            start = NEVER
        if end is not None and self.camera.has(Quirk.DATA_TO_TOO_EARLY):
            end = max(end - timedelta(days=1), start or NEVER)
        elif end is not None and self.camera.has(Quirk.DATA_TO_TOO_LATE):
            end += timedelta(days=1)
        return (
            f"<{tag}><tt:TrackToken>{track.token}</tt:TrackToken><tt:TrackType>{track.kind}</tt:TrackType>"
            f"<tt:Description>{track.kind} track</tt:Description><tt:DataFrom>{self._time(start or NEVER)}</tt:DataFrom>"
            f"<tt:DataTo>{self._time(end or NEVER)}</tt:DataTo></{tag}>"
        )

    def _information(self, recording: CardRecording, tag: str) -> str:
        earliest = recording.earliest
        if self.camera.has(Quirk.DATA_FROM_1970):
            earliest = NEVER
        elif self.camera.has(Quirk.EARLIEST_1970):
            earliest = EARLY
        latest = recording.latest
        if latest is not None and self.camera.has(Quirk.LATEST_TOO_EARLY):
            latest -= WRONG_BY
        elif latest is not None and self.camera.has(Quirk.LATEST_TOO_LATE):
            latest += WRONG_BY
        times = "".join(
            f"<tt:{name}>{self._time(at)}</tt:{name}>"
            for name, at in (("EarliestRecording", earliest), ("LatestRecording", latest))
            if at is not None
        )
        tracks = "".join(self._track(recording, track, "tt:Track") for track in recording.tracks)
        return (
            f"<{tag}><tt:RecordingToken>{recording.token}</tt:RecordingToken><tt:Source>{source(self.camera)}</tt:Source>"
            f"{times}<tt:Content>Station camera</tt:Content>{tracks}"
            f"<tt:RecordingStatus>{recording.state}</tt:RecordingStatus></{tag}>"
        )

    @operation("GetServiceCapabilities", Access.PRE_AUTH)
    def get_service_capabilities(self, call: Call) -> str:
        """Return what the service can do."""
        return self.answer(call, self.capabilities())

    @operation("GetRecordingSummary", Access.READ_MEDIA)
    def get_recording_summary(self, call: Call) -> str:
        """Return the bounds over all recordings."""
        recordings = listed(self.camera, self.card.recordings())
        starts = [recording.earliest for recording in recordings if recording.earliest]
        ends = [recording.latest for recording in recordings if recording.latest]
        earliest = min(starts, default=NEVER)
        if self.camera.has(Quirk.DATA_FROM_1970):
            earliest = NEVER
        return self.answer(
            call,
            f"<tse:Summary><tt:DataFrom>{self._time(earliest)}</tt:DataFrom>"
            f"<tt:DataUntil>{self._time(max(ends, default=NEVER))}</tt:DataUntil>"
            f"<tt:NumberRecordings>{len(recordings)}</tt:NumberRecordings></tse:Summary>",
        )

    @operation("GetRecordingInformation", Access.READ_MEDIA)
    def get_recording_information(self, call: Call) -> str:
        """Return the bounds of one recording and its tracks."""
        if self.camera.has(Quirk.NO_RECORDING_INFORMATION):
            raise SoapFault("Not known here", "ter:ActionNotSupported", code="Receiver")
        token = call.required("RecordingToken")
        for recording in self.card.recordings():
            if recording.token == token:
                return self.answer(call, self._information(recording, "tse:RecordingInformation"))
        raise invalid("No such recording", "ter:InvalidToken")

    @operation("GetMediaAttributes", Access.READ_MEDIA)
    def get_media_attributes(self, call: Call) -> str:
        """Say how the recordings were encoded at a moment."""
        tokens = call.texts("RecordingTokens")
        at = parse_time(call.required("Time"))
        config = self.camera.config
        items = []
        for recording in self.card.recordings():
            if tokens and recording.token not in tokens:
                continue
            spans = self.card.spans(recording.token, at, at + timedelta(seconds=1))
            if not spans:
                continue
            parts = []
            for track in recording.tracks:
                inside = ""
                if track.kind == "Video":
                    # The search service's VideoAttributes knows no H.265 (tt:VideoEncoding).
                    inside = (
                        f"<tt:VideoAttributes><tt:Bitrate>{config.bitrate}</tt:Bitrate><tt:Width>{config.width}</tt:Width>"
                        f"<tt:Height>{config.height}</tt:Height><tt:Encoding>H264</tt:Encoding>"
                        f"<tt:Framerate>{config.frame_rate}</tt:Framerate></tt:VideoAttributes>"
                        if config.codec == "H264"
                        else ""
                    )
                elif track.kind == "Audio" and track.data_from is not None:
                    inside = (
                        "<tt:AudioAttributes><tt:Bitrate>64</tt:Bitrate><tt:Encoding>G711</tt:Encoding>"
                        "<tt:Samplerate>8</tt:Samplerate></tt:AudioAttributes>"
                    )
                elif track.kind == "Metadata":
                    inside = (
                        "<tt:MetadataAttributes><tt:CanContainPTZ>false</tt:CanContainPTZ>"
                        "<tt:CanContainAnalytics>false</tt:CanContainAnalytics>"
                        "<tt:CanContainNotifications>true</tt:CanContainNotifications></tt:MetadataAttributes>"
                    )
                parts.append(
                    f"<tt:TrackAttributes>{self._track(recording, track, 'tt:TrackInformation')}{inside}</tt:TrackAttributes>"
                )
            items.append(
                f"<tse:MediaAttributes><tt:RecordingToken>{recording.token}</tt:RecordingToken>{''.join(parts)}"
                f"<tt:From>{self._time(spans[0][0])}</tt:From><tt:Until>{self._time(spans[0][1])}</tt:Until></tse:MediaAttributes>"
            )
        return self.answer(call, "".join(items))

    def _start(self, call: Call, end_point: datetime, results: list[str]) -> str:
        now = time.monotonic()
        self._searches = {
            token: search for token, search in self._searches.items() if search.expires > now
        }
        if len(self._searches) >= (2 if self.camera.has(Quirk.TWO_SEARCHES) else MAX_SEARCHES):
            raise SoapFault(
                "Too many searches", "ter:Action", "ter:ResourceProblem", code="Receiver"
            )
        alive = min(parse_duration(call.required("KeepAliveTime")), MAX_KEEP_ALIVE).total_seconds()
        if (most := call.text("MaxMatches")) is not None:
            results = results[: _number(most)]
        token = f"SEARCH_{next(self._numbers)}"
        self._searches[token] = Search(
            operation=call.body.tag.rpartition("}")[2],
            keep_alive=alive,
            expires=now + alive,
            end_point=end_point,
            results=results,
        )
        return self.answer(call, f"<tse:SearchToken>{token}</tse:SearchToken>")

    def _search(self, call: Call, operation_name: str | None = None) -> Search:
        token = call.required("SearchToken")
        search = self._searches.get(token)
        now = time.monotonic()
        if search is None or search.expires <= now:
            self._searches.pop(token, None)
            raise invalid("No such search", "ter:InvalidToken")
        if operation_name is not None and search.operation != operation_name:
            raise invalid("That search is of another kind", "ter:InvalidToken")
        search.expires = now + search.keep_alive
        return search

    def _in_scope(self, call: Call) -> list[CardRecording]:
        """Return the recordings that the scope names, and that its XPath holds for."""
        recordings = listed(self.camera, self.card.recordings())
        if tokens := call.texts("Scope/tt:IncludedRecordings"):
            recordings = [recording for recording in recordings if recording.token in tokens]
        if expression := call.text("Scope/tt:RecordingInformationFilter"):
            recordings = [item for item in recordings if self._holds(item, expression)]
        return recordings

    def _holds(self, recording: CardRecording, expression: str) -> bool:
        """Evaluate the search specification's XPath dialect, whose names carry no prefix."""
        text = self._information(recording, "RecordingInformation").replace("tt:", "")
        try:
            # The document is ours; only the expression is the caller's.
            found = etree.fromstring(text).xpath(expression)
        except etree.XPathError:
            raise invalid("Filter cannot be read", "ter:InvalidFilterFault") from None
        return bool(found)

    @operation("FindRecordings", Access.READ_MEDIA)
    def find_recordings(self, call: Call) -> str:
        """Start a search for recordings."""
        found = [
            self._information(item, "tt:RecordingInformation") for item in self._in_scope(call)
        ]
        return self._start(call, self.camera.now(), found)

    @operation("FindEvents", Access.READ_MEDIA)
    def find_events(self, call: Call) -> str:
        """Start a search for the beginnings and ends of data; backwards when the end is before the start."""
        if self.camera.has(Quirk.NO_EVENT_SEARCH):
            raise SoapFault("Not known here", "ter:ActionNotSupported", code="Receiver")
        topics = topic_filter(call, f"{{{TSE}}}SearchFilter")
        if topics is not None and self.camera.has(Quirk.EVENT_FILTER_REFUSED):
            raise invalid("Filters are not understood here", "ter:InvalidFilterFault")
        start = parse_time(call.required("StartPoint"))
        until = call.text("EndPoint")
        end = parse_time(until) if until else self.camera.now()
        forward = start <= end
        first, last = min(start, end), max(start, end)
        initial = call.required("IncludeStartState") in {
            "true",
            "1",
        } and not self.camera.has(Quirk.EVENTS_WITHOUT_START_STATE)
        found: list[tuple[datetime, str]] = []
        for recording in self._in_scope(call):
            spans = self.card.spans(recording.token, first, last)
            # What is being written has no end yet.
            growing = {
                datetime.fromtimestamp(item.end, UTC)
                for item in self.card.stretches(recording.token)
                if item.growing
            }
            edges: list[tuple[datetime, bool, bool]] = []
            if initial:
                present = bool(
                    self.card.spans(recording.token, start, start + timedelta(seconds=1))
                )
                edges.append((start, present, True))
            for span_start, span_end in spans:
                if span_start > first:
                    edges.append((span_start, True, False))
                if span_end < last and span_end not in growing:
                    edges.append((span_end, False, False))
            found += [
                (at, self._result(recording, at, topic, present, initial_state))
                for at, present, initial_state in edges
                for topic in ("Recording", "Track")
                if topics is None or any(_covers(item, topic) for item in topics)
            ]
            if self.camera.has(Quirk.EVENTS_ABSURD):
                found += [
                    (at, self._result(recording, at, "Track", present, False))
                    for at, present in ((EARLY, True), (NEVER.replace(year=2099), False))
                ]
        found.sort(key=lambda item: item[0], reverse=not forward)
        results = [text for _, text in found]
        if self.camera.has(Quirk.EVENTS_UNORDERED):
            random.Random(0).shuffle(results)
        elif self.camera.has(Quirk.EVENTS_EMPTY) or self.camera.has(Quirk.SEARCH_NEVER_COMPLETES):
            results = []
        return self._start(call, end, results)

    def _result(
        self, recording: CardRecording, at: datetime, topic: str, present: bool, initial: bool
    ) -> str:
        track = recording.tracks[0].token
        items = f'<tt:SimpleItem Name="RecordingToken" Value="{recording.token}"/>'
        data = "IsRecording"
        if topic == "Track":
            items += f'<tt:SimpleItem Name="Track" Value="{track}"/>'
            data = "IsDataPresent"
        return (
            f"<tt:Result><tt:RecordingToken>{recording.token}</tt:RecordingToken><tt:TrackToken>{track}</tt:TrackToken>"
            f"<tt:Time>{self._time(at)}</tt:Time><tt:Event>"
            '<wsnt:Topic Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">'
            f"tns1:RecordingHistory/{topic}/State</wsnt:Topic><wsnt:Message>"
            f'<tt:Message UtcTime="{stamp(at)}" PropertyOperation="{"Initialized" if initial else "Changed"}">'
            f'<tt:Source>{items}</tt:Source><tt:Data><tt:SimpleItem Name="{data}" Value="{flag(present)}"/></tt:Data>'
            f"</tt:Message></wsnt:Message></tt:Event><tt:StartStateEvent>{flag(initial)}</tt:StartStateEvent></tt:Result>"
        )

    def _fetch(self, call: Call, operation_name: str) -> str:
        search = self._search(call, operation_name)
        most = min(_number(call.text("MaxResults") or str(MAX_RESULTS)), MAX_RESULTS)
        part, rest = search.results[:most], search.results[most:]
        endless = operation_name == "FindEvents" and (
            self.camera.has(Quirk.SEARCH_NEVER_COMPLETES) or self.camera.has(Quirk.EVENTS_REPEAT)
        )
        if not endless:
            search.results = rest
        state = "Searching" if rest or endless else "Completed"
        return self.answer(
            call,
            f"<tse:ResultList><tt:SearchState>{state}</tt:SearchState>{''.join(part)}</tse:ResultList>",
        )

    @operation("GetRecordingSearchResults", Access.READ_MEDIA)
    def get_recording_search_results(self, call: Call) -> str:
        """Return the next recordings found."""
        return self._fetch(call, "FindRecordings")

    @operation("GetEventSearchResults", Access.READ_MEDIA)
    def get_event_search_results(self, call: Call) -> str:
        """Return the next events found."""
        return self._fetch(call, "FindEvents")

    @operation("GetSearchState", Access.READ_MEDIA)
    def get_search_state(self, call: Call) -> str:
        """Return whether anything is left to fetch."""
        state = "Searching" if self._search(call).results else "Completed"
        return self.answer(call, f"<tse:State>{state}</tse:State>")

    @operation("EndSearch", Access.READ_MEDIA)
    def end_search(self, call: Call) -> str:
        """Stop a search and say how far it came."""
        search = self._search(call)
        del self._searches[call.required("SearchToken")]
        return self.answer(call, f"<tse:Endpoint>{stamp(search.end_point)}</tse:Endpoint>")


def _covers(wanted: str, topic: str) -> bool:
    """Tell whether a topic of a filter means this one of a recording's history."""
    full = f"RecordingHistory/{topic}/State"
    if wanted.endswith("//."):
        return f"{full}/".startswith(f"{wanted.removesuffix('//.')}/")
    return wanted == full


def _number(text: str) -> int:
    try:
        return max(0, int(text))
    except ValueError:
        raise invalid(f"{q(text[:20])} is no number") from None
