"""Write into docs/dashboard.md and docs/dashboard.ja.md what each line of the board says to do, from the rules and texts.

`.venv/bin/python -m scripts.faults_page` writes both.
"""

import json
from pathlib import Path
from typing import Any

from custom_components.niiza_cctv.lib.device.faults import RULES

ROOT = Path(__file__).parent.parent
PAGES = {"en": ROOT / "docs" / "dashboard.md", "ja": ROOT / "docs" / "dashboard.ja.md"}
HEADS = {
    "en": ("How bad", "What the line says", "What to do"),
    "ja": ("重さ", "表示", "すること"),
}
BEGIN, END = "<!-- faults -->", "<!-- end of faults -->"
# What the section's cameras fill in.
GAPS = {
    "en": {"days": "3", "standard": "14", "offset": "7 min slow", "check": "SD card"},
    "ja": {"days": "3", "standard": "14", "offset": "7分遅れ", "check": "SDカード"},
}
SIZES = {"height": "1080", "limit": "720"}


def table(language: str) -> str:
    """Return the table of a language, the worst fault first."""
    file = ROOT / "custom_components" / "niiza_cctv" / "translations" / f"{language}.json"
    words: dict[str, Any] = json.loads(file.read_text())["config_panel"]["board"]
    lines = [f"| {' | '.join(HEADS[language])} |", "|---|---|---|"]
    for rule in RULES:
        said = (
            words[f"severity_{rule.severity}"],
            words[f"fault_{rule.fault}"].format(**GAPS[language], **SIZES),
            words[f"next_{rule.fault}"],
        )
        lines.append(f"| {' | '.join(said)} |")
    return "\n".join(lines)


def rendered(language: str) -> str:
    """Return the page of a language with its table as the rules have it now."""
    before, _, rest = PAGES[language].read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table(language)}\n\n{END}{after}"


def main() -> None:
    """Write both pages."""
    for language, page in PAGES.items():
        page.write_text(rendered(language))


if __name__ == "__main__":
    main()
