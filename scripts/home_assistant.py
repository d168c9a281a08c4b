"""Home Assistant without its voice, as the demo starts it: takes the arguments of `python -m homeassistant`.

Home Assistant starts its voice platforms always. They need FFmpeg, and two packages that exist as source only, so that a
C++ compiler would have to be there before anybody sees a camera. Nothing here speaks.
"""

from importlib.util import find_spec
import sys
from types import ModuleType

from homeassistant import __main__, bootstrap

VOICE = frozenset({"ai_task", "assist_satellite", "conversation", "stt", "tts", "wake_word"})
# What `assist_pipeline` takes from packages that have to be compiled.
COMPILED = {"pymicro_vad": "MicroVad", "pyspeex_noise": "AudioProcessor"}


def stand_in_for_compiled() -> None:
    """Let `assist_pipeline` be imported: to list its services, Home Assistant imports also platforms that nobody set up."""
    for package, name in COMPILED.items():
        if package not in sys.modules and find_spec(package) is None:
            module = ModuleType(package, "Stands in for a package that is not installed.")
            setattr(module, name, type(name, (), {}))
            sys.modules[package] = module


def leave_out_voice() -> None:
    """Take the voice platforms off the list of what always starts."""
    always = getattr(bootstrap, "DEFAULT_INTEGRATIONS", None)
    if isinstance(always, set):
        always -= VOICE
    else:
        # No part of Home Assistant's API. With the list elsewhere, the demo still runs, with errors of `tts` in its log.
        print("scripts/home_assistant.py: the list of what always starts is not where it was")


def main() -> int:
    """Start Home Assistant."""
    leave_out_voice()
    stand_in_for_compiled()
    return __main__.main()


if __name__ == "__main__":
    sys.exit(main())
