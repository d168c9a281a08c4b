"""Audio: off only where nobody offers it, neither live nor on the card."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from .model import AudioPlace, AudioVerdict, MediaProfile, Recording, RecordingTrack, TrackKind
from .sd import newest_video

# An audio track that ends this close to the newest video is still being written.
_STILL_WRITTEN = timedelta(seconds=15)


def audio_in_profiles(profiles: Iterable[MediaProfile]) -> bool:
    """Return whether any profile encodes audio (a source without an encoder sends none)."""
    return any(profile.audio_encoding is not None for profile in profiles)


def audio_tracks(recordings: Iterable[Recording]) -> tuple[RecordingTrack, ...]:
    """Return the audio tracks that may hold something; one of no length does not."""
    return tuple(
        track
        for recording in recordings
        for track in recording.tracks
        if track.kind is TrackKind.AUDIO
        and (track.data_from is None or track.data_to is None or track.data_from < track.data_to)
    )


def judge_audio(
    *,
    profiles: tuple[MediaProfile, ...] | None,
    live_audio: bool | None,
    recordings: tuple[Recording, ...] | None,
    replay_audio: bool | None,
    to_true: Callable[[datetime], datetime],
) -> AudioVerdict:
    """Return whether audio is off in all three places; None means that a place could not be read.

    `live_audio` and `replay_audio` say whether the SDP of the live streams and of the replay offer audio; `to_true`
    turns camera time into true time.
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
        written_now, on_card_until = _on_card(recordings, replay_audio, to_true)
        if written_now is not None:
            read.add(AudioPlace.RECORDING_TRACK)
        if written_now:
            found.add(AudioPlace.RECORDING_TRACK)
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


def _on_card(
    recordings: tuple[Recording, ...],
    replay_audio: bool | None,
    to_true: Callable[[datetime], datetime],
) -> tuple[bool | None, datetime | None]:
    """Return whether audio is being recorded now, and the true time up to which the card holds any.

    Real cameras list an audio track with data times although it holds nothing, or hold audio in a track whose
    times say nothing. So the replay's SDP decides whether there is audio; unreadable, it leaves a track
    with times counting against the camera, and one without untold.
    """
    tracks = audio_tracks(recordings)
    if not tracks or replay_audio is False:
        return False, None
    ends = [track.data_to for track in tracks]
    newest = max((end for end in ends if end is not None), default=None)
    newest_picture = newest_video(recordings)
    if newest is not None and (newest_picture is None or newest >= newest_picture - _STILL_WRITTEN):
        return True, to_true(newest)
    until = None if newest is None else to_true(newest)
    if None not in ends:
        return False, until
    return replay_audio, until
