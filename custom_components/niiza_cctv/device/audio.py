"""Audio: off only where nobody offers it, neither live nor on the card."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from .model import AudioPlace, AudioVerdict, ClockReading, MediaProfile, Recording, TrackKind

# An audio track that ends this close to the newest video is still being written.
_STILL_WRITTEN = timedelta(minutes=2)


def audio_in_profiles(profiles: Iterable[MediaProfile]) -> bool:
    """Return whether any profile encodes audio (a source without an encoder sends none)."""
    return any(profile.audio_encoding is not None for profile in profiles)


def judge_audio(
    *,
    profiles: tuple[MediaProfile, ...] | None,
    live_audio: bool | None,
    recordings: tuple[Recording, ...] | None,
    replay_audio: bool | None,
    clock: ClockReading,
) -> AudioVerdict:
    """Return whether audio is off in all three places; None means that a place could not be read.

    `live_audio` and `replay_audio` say whether the SDP of the live stream and of the replay offer audio.
    Real cameras list an audio track with data times although it holds nothing, so a track counts unless
    the replay's SDP shows that there is none; an unreadable SDP counts against the camera.
    """
    found: set[AudioPlace] = set()
    read: set[AudioPlace] = set()
    if profiles is not None:
        read.add(AudioPlace.MEDIA_PROFILE)
        if audio_in_profiles(profiles):
            found.add(AudioPlace.MEDIA_PROFILE)
    if live_audio is not None:
        read.add(AudioPlace.LIVE_STREAM)
        if live_audio:
            found.add(AudioPlace.LIVE_STREAM)
    on_card_until = None
    if recordings is not None:
        read.add(AudioPlace.RECORDING_TRACK)
        for recording in recordings if replay_audio is not False else ():
            newest_video = max(_track_ends(recording, TrackKind.VIDEO), default=recording.latest)
            for end in _track_ends(recording, TrackKind.AUDIO):
                if newest_video is None or end >= newest_video - _STILL_WRITTEN:
                    found.add(AudioPlace.RECORDING_TRACK)
                until = clock.to_true(end)
                on_card_until = until if on_card_until is None else max(on_card_until, until)
    if found:
        disabled: bool | None = False
    elif read == set(AudioPlace):
        disabled = True
    else:
        disabled = None
    return AudioVerdict(
        disabled=disabled,
        found=frozenset(found),
        read=frozenset(read),
        on_card_until=on_card_until,
    )


def audio_tracks_listed(recordings: Iterable[Recording]) -> bool:
    """Return whether any audio track claims to hold data, so that the replay's SDP is worth a look."""
    return any(_track_ends(recording, TrackKind.AUDIO) for recording in recordings)


def _track_ends(recording: Recording, kind: TrackKind) -> list[datetime]:
    """Return where the data of the tracks of a kind end; tracks of no length hold nothing."""
    return [
        track.data_to
        for track in recording.tracks
        if track.kind is kind
        and track.data_to is not None
        and (track.data_from is None or track.data_from < track.data_to)
    ]
