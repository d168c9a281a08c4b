"""Gates: what is said of another Home Assistant: ok only where it was tried."""

from dataclasses import dataclass
import json
from pathlib import Path
import subprocess
import sys

import pytest

from scripts import versions
from scripts.versions import (
    LOCK,
    NotTested,
    Outcome,
    check,
    core_requirements,
    is_newer,
    lock_of,
    locked_version,
    newer_than_lock,
    uv,
)


@pytest.fixture
def released(monkeypatch: pytest.MonkeyPatch) -> dict[str, str | None]:
    """Let the test say what the package index has; None: it cannot be reached."""
    index: dict[str, str | None] = {"release": None, "beta": None}

    def ask(*, beta: bool = False) -> str:
        if (answer := index["beta" if beta else "release"]) is None:
            raise NotTested("no route to host")
        return answer

    monkeypatch.setattr(versions, "released_version", ask)
    return index


def test_versions_are_compared_as_home_assistant_counts() -> None:
    """October comes after September, and a beta before its release."""
    assert is_newer("2026.11.0", "2026.10.4")
    assert is_newer("2026.12.0b1", "2026.11.3")
    assert is_newer("2026.12.0", "2026.12.0b5")
    assert not is_newer("2026.11.0", "2026.11.0")
    assert not is_newer("2026.9.4", "2026.10.0")


def test_lock_names_one_home_assistant() -> None:
    """With what its own integrations need, and nothing that we need."""
    lock = LOCK.read_text()
    assert is_newer(locked_version(lock), "2026.10.4")
    with pytest.raises(LookupError):
        locked_version("aiohttp==3.14.5\n")
    names = {line.partition("==")[0].lower() for line in lock.splitlines() if "==" in line}
    assert {"home-assistant-frontend", "av", "numpy", "mypy"} <= names
    assert not {"pyzipper", "wsdiscovery", "aiosmtpd"} & names
    # They exist as source only: a machine without a compiler could not install them.
    assert not {"pymicro-vad", "pyspeex-noise"} & names


def test_what_core_integrations_need_is_read_from_their_manifests() -> None:
    """All that they depend on included, as Home Assistant does it."""
    components = next(Path(sys.prefix).glob("lib/python3*/site-packages/homeassistant/components"))
    needed = core_requirements(components)
    stream = json.loads((components / "stream" / "manifest.json").read_text())["requirements"]
    # `analytics` imports it, though it sets it up only after the other.
    hassio = json.loads((components / "hassio" / "manifest.json").read_text()).get(
        "requirements", []
    )
    assert {*stream, *hassio} <= set(needed)


@dataclass(frozen=True)
class News:
    """What the index says, how the job is run, and what comes of it."""

    release: str | None
    fail: bool
    outcome: Outcome
    said: str


@pytest.mark.parametrize(
    "news",
    [
        News("2026.11.0", True, Outcome.OK, ""),
        News("2099.1.0", False, Outcome.OK, "2099.1.0 is out; NOT TESTED"),
        News("2099.1.0", True, Outcome.FAILED, "2099.1.0 is out; NOT TESTED"),
        News(None, False, Outcome.OK, "not known"),
        News(None, True, Outcome.NOT_TESTED, "not known"),
    ],
)
def test_release_behind_the_lock_is_reported_and_fails_the_weekly_job(
    released: dict[str, str | None],
    capsys: pytest.CaptureFixture[str],
    news: News,
) -> None:
    """Never silently."""
    released["release"] = news.release
    assert newer_than_lock(fail=news.fail) is news.outcome
    assert news.said in capsys.readouterr().out


def test_no_beta_is_not_tested_and_no_failure(
    released: dict[str, str | None], capsys: pytest.CaptureFixture[str]
) -> None:
    """There is none for most of a month."""
    released["beta"] = locked_version(LOCK.read_text())
    assert check("beta", fail_on_newer=False, pytest=["false"]) is Outcome.OK
    assert "NOT TESTED" in capsys.readouterr().out
    with pytest.raises(NotTested, match="no beta"):
        lock_of("beta")


def test_index_out_of_reach_is_never_ok(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """For real: uv is sent where nobody answers, with nothing cached."""
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.setattr(versions, "LOCAL", tmp_path)
    assert check("newest", fail_on_newer=False, pytest=["true"]) is Outcome.NOT_TESTED
    assert "NOT TESTED" in capsys.readouterr().out
    with pytest.raises(NotTested):
        uv("pip", "compile", "--quiet", "--python", sys.executable, str(LOCK))


@pytest.mark.parametrize(("which", "outcome"), [("newest", Outcome.FAILED), ("beta", Outcome.OK)])
def test_current_release_that_breaks_fails_and_a_beta_is_reported(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    which: str,
    outcome: Outcome,
) -> None:
    """People run the one already; the other is watched."""

    def broken(_which: str, _pytest: list[str]) -> None:
        raise subprocess.CalledProcessError(1, ["mypy"])

    monkeypatch.setattr(versions, "try_on", broken)
    assert check(which, fail_on_newer=False, pytest=[]) is outcome
    said = capsys.readouterr().out
    assert "FAILED" in said
    assert ("::warning::" in said) == (which == "beta")
