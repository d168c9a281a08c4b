"""Dates and times as the papers of a package write them: of the section's zone, in the calendar that the section uses."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Final

# First day of each era (元号), the newest first. Before them papers count as everybody does.
_ERAS: Final = (
    (date(2019, 5, 1), "令和"),
    (date(1989, 1, 8), "平成"),
    (date(1926, 12, 25), "昭和"),
)


def era_date(day: date) -> str:
    """Return a day as 令和8年11月20日; its first year is 元年."""
    for first, name in _ERAS:
        if day >= first:
            year = day.year - first.year + 1
            return f"{name}{'元' if year == 1 else year}年{day.month}月{day.day}日"
    return f"{day.year}年{day.month}月{day.day}日"


@dataclass(frozen=True, kw_only=True)
class PaperDates:
    """How one paper writes its times: ISO 8601 with the zone's offset, or by Japanese eras."""

    zone: tzinfo
    japanese_era: bool = False

    def at(self, moment: datetime) -> str:
        """Return date and time to the second."""
        local = moment.astimezone(self.zone)
        text = local.isoformat(" ", "seconds")
        if not self.japanese_era:
            return text
        # The offset stays: on a paper that leaves the office it says what the time is of.
        return f"{era_date(local.date())} {text[11:]}"

    def span(self, start: datetime, end: datetime, dash: str = "-") -> str:
        """Return from when to when."""
        return f"{self.at(start)} {dash} {self.at(end)}"

    def typed(self, text: str) -> str:
        """Return a day that somebody typed as ISO 8601; any other text stays as it is."""
        if not self.japanese_era:
            return text
        try:
            return era_date(date.fromisoformat(text))
        except ValueError:
            return text
