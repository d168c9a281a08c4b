"""Whether a camera keeps to real time, found out by measuring."""

from hypothesis import given, strategies as st

from custom_components.niiza_cctv.lib.footage.pace import Pace, PaceMeter


def found(speeds: list[float], step: float = 0.25) -> list[Pace]:
    """Return what is found while footage comes at these speeds, two seconds each."""
    meter = PaceMeter()
    footage = now = 0.0
    results = [meter.note(footage, now)]
    for speed in speeds:
        for _ in range(round(2 / step)):
            now += step
            footage += step * speed
            results.append(meter.note(footage, now))
    return [one for one in results if one is not None]


@given(st.floats(0.85, 1.1), st.floats(0.0, 30.0), st.floats(0.05, 0.5))
def test_real_time_is_recognised_whatever_came_first(
    speed: float, burst: float, step: float
) -> None:
    """Cameras have some seconds ready when they are asked."""
    assert found([speed] * 12, step)
    meter = PaceMeter()
    assert meter.note(0.0, 0.0) is None
    results = {meter.note(burst + at * step * speed, at * step) for at in range(round(30 / step))}
    assert results - {None} == {Pace.REAL_TIME}


@given(st.lists(st.floats(1.5001, 50.0), min_size=5, max_size=20), st.floats(0.05, 0.5))
def test_a_faster_camera_is_never_taken_for_one_that_keeps_to_real_time(
    speeds: list[float], step: float
) -> None:
    """However its speed changes."""
    assert set(found(speeds, step)) == {Pace.FASTER}


@given(st.floats(0.0, 0.75))
def test_a_slow_link_is_neither(speed: float) -> None:
    """What it gives says nothing of the camera."""
    assert found([speed] * 20) == []


def test_one_stutter_changes_nothing() -> None:
    """Neither a second at which a camera hurries, nor one at which it hesitates."""
    assert found([1.0, 1.0, 1.0, 1.0, 3.0, 1.0, 1.0, 1.0]) == []
    assert found([4.0, 4.0, 1.2, 4.0, 1.2, 4.0, 1.2]) == []
