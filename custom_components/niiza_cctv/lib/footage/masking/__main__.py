"""The renderer's process: `python -P …/lib/footage/masking/__main__.py`, with the library alone.

Under its own name the library would bring the integration along, and with it all of Home Assistant.
"""

from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
import sys

_NAME = "niiza_cctv_lib"


def main() -> None:
    """Make the library a package of its own, and render."""
    folder = Path(__file__).parents[2]
    spec = spec_from_file_location(
        _NAME, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None
    assert spec.loader is not None
    package = module_from_spec(spec)
    sys.modules[_NAME] = package
    spec.loader.exec_module(package)
    import_module(f"{_NAME}.footage.masking.renderer").run()


if __name__ == "__main__":
    main()
