"""A camera's quirks are counted, from any thread, and none is silent."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

from custom_components.niiza_cctv.lib.device import quirks as module
from custom_components.niiza_cctv.lib.device.quirks import Quirk, QuirkCount, Quirks


def test_a_quirk_is_counted_with_its_last_time() -> None:
    """The time is the clock's that was handed in."""
    times = iter(datetime(2026, 11, 29, 4, minute, tzinfo=UTC) for minute in range(60))
    quirks = Quirks(now=lambda: next(times))
    assert quirks.counts() == {}
    quirks.note(Quirk.XML_CHARSET)
    quirks.note(Quirk.HTTP_LENGTH, 3)
    quirks.note(Quirk.XML_CHARSET)
    assert quirks.counts() == {
        Quirk.XML_CHARSET: QuirkCount(count=2, last=datetime(2026, 11, 29, 4, 2, tzinfo=UTC)),
        Quirk.HTTP_LENGTH: QuirkCount(count=3, last=datetime(2026, 11, 29, 4, 1, tzinfo=UTC)),
    }


def test_nothing_is_not_counted() -> None:
    """A reader may hand its own number on, whatever it is."""
    quirks = Quirks()
    quirks.note(Quirk.XML_CHARSET, 0)
    assert quirks.counts() == {}


def test_what_was_known_before_goes_on() -> None:
    """The counts go on where they were, also what was met meanwhile, and what is handed out is not changed later."""
    before = {Quirk.XML_PREFIX: QuirkCount(count=5, last=datetime(2026, 1, 1, tzinfo=UTC))}
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=1)
    quirks = Quirks(now=lambda: now)
    quirks.add(before)
    handed_out = quirks.counts()
    quirks.note(Quirk.XML_PREFIX)
    assert handed_out == before
    assert quirks.counts() == {Quirk.XML_PREFIX: QuirkCount(count=6, last=now)}
    quirks.add(before)
    assert quirks.counts() == {Quirk.XML_PREFIX: QuirkCount(count=11, last=now)}


def test_no_note_of_many_threads_is_lost() -> None:
    """Readers work in threads."""
    quirks = Quirks()
    with ThreadPoolExecutor(8) as pool:
        for _ in pool.map(quirks.note, [Quirk.XML_CHARACTER] * 4000):
            pass
    assert quirks.counts()[Quirk.XML_CHARACTER].count == 4000


def test_each_quirk_has_a_name_and_says_what_was_made_of_it() -> None:
    """The name is what diagnostics show, the meaning what the documentation says."""
    assert Quirk("xml_charset") is Quirk.XML_CHARSET
    assert f"{Quirk.XML_CHARSET}" == "xml_charset"
    meanings = [quirk.meaning for quirk in Quirk]
    assert all(meanings)
    assert len(set(meanings)) == len(meanings)


def test_each_quirk_is_met_somewhere() -> None:
    """A name that nobody notes would say that a camera is right where nobody looks."""
    library = Path(module.__file__).parent.parent
    sources = "".join(
        path.read_text() for path in library.rglob("*.py") if path.name != "quirks.py"
    )
    assert [quirk for quirk in Quirk if f"Quirk.{quirk.name}" not in sources] == []
