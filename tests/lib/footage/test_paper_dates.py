"""Papers write their times by the section's calendar."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from custom_components.niiza_cctv.lib.footage.paper_dates import PaperDates, era_date


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 11, 20), "令和8年11月20日"),
        (date(2019, 12, 31), "令和元年12月31日"),
        # An era begins on its first day, and its first year ends with the year.
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
        (date(1926, 12, 24), "1926年12月24日"),
    ],
)
def test_eras_begin_on_their_day(day: date, written: str) -> None:
    """First years are 元年, and the day of the change is the new era's."""
    assert era_date(day) == written


def test_the_era_is_of_the_section_s_day() -> None:
    """What is still the last day of an era in UTC is the first of the next in Japan; the offset stays on the paper."""
    tokyo = ZoneInfo("Asia/Tokyo")
    change = datetime(2019, 4, 30, 15, 0, tzinfo=UTC)
    assert PaperDates(zone=tokyo, japanese_era=True).at(change) == "令和元年5月1日 00:00:00+09:00"
    assert PaperDates(zone=UTC, japanese_era=True).at(change) == "平成31年4月30日 15:00:00+00:00"
    assert PaperDates(zone=tokyo).at(change) == "2019-05-01 00:00:00+09:00"


def test_what_somebody_typed_is_changed_only_where_it_is_a_day() -> None:
    """Words stay words, in either calendar."""
    era, plain = (PaperDates(zone=UTC, japanese_era=on) for on in (True, False))
    assert era.typed("2026-11-20") == "令和8年11月20日"
    assert era.typed("十一月頃") == "十一月頃"
    assert plain.typed("2026-11-20") == "2026-11-20"
