"""Run a program that uses the integration's library (`lib/`) without Home Assistant: in a fifth of the time and a third of the memory.

    .venv/bin/python -P scripts/lib_alone.py PROGRAM [ARGUMENT …]

In the program the library is the package `niiza_cctv_lib`:

    from niiza_cctv_lib.device.client import OnvifClient
    from niiza_cctv_lib.ledger.store import Ledger

It is registered under that name, not found through a folder on `sys.path`: through its real name Home Assistant would come
along with the integration, and with the integration's folder on the path its `calendar.py` would stand in for Python's.
`-P` keeps the folder of this file off the path. A program in one file may call `register()` itself.
"""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
import runpy
import sys

NAME = "niiza_cctv_lib"
FOLDER = Path(__file__).parents[1] / "custom_components" / "niiza_cctv" / "lib"


def register() -> None:
    """Make `niiza_cctv_lib` a package that can be imported from."""
    spec = spec_from_file_location(
        NAME, FOLDER / "__init__.py", submodule_search_locations=[str(FOLDER)]
    )
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[NAME] = module
    spec.loader.exec_module(module)


def main() -> None:
    """Run the program that the command names."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    del sys.argv[0]
    register()
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main()
