"""A package that is being made is shown with how far it is; afterwards everybody sees what became of its link."""

from collections.abc import Callable
from datetime import datetime, timedelta
import threading
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.niiza_cctv.lib.footage.clip_model import ClipFile
from custom_components.niiza_cctv.lib.footage.package import build_package
from custom_components.niiza_cctv.lib.footage.package_model import PackageInvalid
from custom_components.niiza_cctv.managers import release as release_module
from tests.office import Office
from tests.section import until


async def shown(office: Office, case: str, person: str = "sato") -> dict[str, Any]:
    """Return a case as somebody is shown it."""
    return await office.call(person, "get_case", case=case)


@pytest.mark.parametrize("encrypt", [True, False])
async def test_package_shows_how_far_it_is_to_everybody(
    hass: HomeAssistant, office: Office, monkeypatch: pytest.MonkeyPatch, encrypt: bool
) -> None:
    """While it is packed and encrypted, in the thread that does it; a panel is told, and nothing of it stays."""
    case = await office.approved()
    half, go_on = threading.Event(), threading.Event()
    told: list[float] = []

    def build(*arguments: Any, progress: Callable[[float], None], **more: Any) -> ClipFile:
        def stop_once(share: float) -> None:
            told.append(share)
            progress(share)
            half.set()
            assert go_on.wait(60)

        return build_package(*arguments, progress=stop_once, **more)

    monkeypatch.setattr(release_module, "build_package", build)
    changes: list[bool] = []
    office.evidence.async_add_listener(lambda: changes.append(True))
    assert (await shown(office, case))["packing"] is None
    releasing = hass.async_create_task(
        office.call("sato", "release_case", case=case, encrypt=encrypt)
    )
    try:
        await until(half.is_set)
        before = len(changes)
        await until(lambda: office.evidence.packings.of(case).share > 0)
        for person in ("sato", "suzuki"):
            packing = (await shown(office, case, person))["packing"]
            assert packing["by"]["id"] == "sato"
            assert packing["encrypted"] is encrypt
            assert 0 < packing["percent"] < 100
        assert len(changes) >= before
        assert changes
    finally:
        go_on.set()
    answer = await releasing
    assert (answer["passphrase"] is not None) is encrypt
    assert told == sorted(told)
    assert told[-1] == 1
    assert (await shown(office, case))["packing"] is None


async def test_package_that_fails_is_shown_no_longer(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page must not wait for what will not come."""
    case = await office.approved()

    def fail(*_: Any, **__: Any) -> ClipFile:
        raise PackageInvalid("changed")

    monkeypatch.setattr(release_module, "build_package", fail)
    with pytest.raises(HomeAssistantError) as refused:
        await office.call("sato", "release_case", case=case)
    assert refused.value.translation_key == "sealed_file_changed"
    now = await shown(office, case)
    assert now["packing"] is None
    assert now["release"] is None


async def test_everybody_sees_what_became_of_the_link(office: Office) -> None:
    """Made, begun, downloaded, made anew: what a page that was loaded anew goes by."""
    case = await office.approved()
    await office.call("sato", "release_case", case=case, encrypt=True)
    first = (await shown(office, case, "suzuki"))["release"]
    assert first["by"]["id"] == "sato"
    assert (first["encrypted"], first["download_begun"], first["downloaded"]) == (
        True, False, False,
    )  # fmt: skip
    lasts = datetime.fromisoformat(first["link_until"]) - datetime.fromisoformat(first["at"])
    assert lasts == timedelta(minutes=15)
    actor = await office.evidence.async_actor("sato", direct=True)
    package = office.evidence.cases.case(case).package
    await office.evidence.cases.download_begun(actor, case, package)
    begun = (await shown(office, case))["release"]
    assert (begun["download_begun"], begun["downloaded"]) == (True, False)
    await office.evidence.cases.downloaded(actor, case, package)
    done = (await shown(office, case))["release"]
    assert (done["download_begun"], done["downloaded"]) == (True, True)
    await office.call("sato", "release_case", case=case)
    anew = (await shown(office, case))["release"]
    assert (anew["encrypted"], anew["download_begun"], anew["downloaded"]) == (
        False, False, False,
    )  # fmt: skip
