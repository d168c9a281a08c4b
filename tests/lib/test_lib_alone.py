"""The library works without Home Assistant: in a process of its own, every module of it."""

import json
from pathlib import Path
import subprocess
import sys

ROOT = Path(__file__).parents[2]
LIB = ROOT / "custom_components" / "niiza_cctv" / "lib"
PROGRAM = """
import calendar
import importlib
import json
import pkgutil
import sys

import niiza_cctv_lib

found = [each.name for each in pkgutil.walk_packages(niiza_cctv_lib.__path__, "niiza_cctv_lib.")]
for name in found:
    importlib.import_module(name)
print(json.dumps({
    "found": found,
    "top": sorted({name.partition(".")[0] for name in sys.modules}),
    "calendar": calendar.__file__,
}))
"""


def modules_of_the_library() -> set[str]:
    """Return what every file of the library is called there."""
    names = {
        ".".join(("niiza_cctv_lib", *file.relative_to(LIB).with_suffix("").parts))
        for file in LIB.rglob("*.py")
    }
    return {name.removesuffix(".__init__") for name in names} - {"niiza_cctv_lib"}


def test_every_module_is_imported_without_home_assistant(tmp_path: Path) -> None:
    """Neither Home Assistant nor the integration comes along, and Python's own modules are Python's."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-P", str(ROOT / "scripts" / "lib_alone.py"), str(program)],
        cwd=tmp_path,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert set(told["found"]) == modules_of_the_library()
    assert not {"homeassistant", "custom_components", "probatio", "voluptuous"} & set(told["top"])
    assert not Path(told["calendar"]).is_relative_to(ROOT / "custom_components")
