"""Run a station from the command line until Ctrl-C or SIGTERM."""

import argparse
import asyncio
import logging
from pathlib import Path
import signal
import sys

from simulator.camera import in_url
from simulator.config import ConfigError, StationConfig, load
from simulator.running import PortInUse
from simulator.station import Station

DEFAULT_CONFIG = Path(__file__).parent / "station.yaml"


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m simulator", description="A virtual station of ONVIF cameras."
    )
    parser.add_argument("--config", type=Path, default=DEFAULT_CONFIG, help="station file (YAML)")
    parser.add_argument("--control-port", type=int, help="port of the control interface")
    parser.add_argument("--host", help="address that all cameras listen on")
    parser.add_argument("--cameras", type=int, help="repeat the cameras up to this number")
    parser.add_argument("--discovery", action="store_true", help="answer WS-Discovery")
    parser.add_argument("--folder", type=Path, help="where the encoded minutes of video are kept")
    return parser.parse_args(argv)


async def run(config: StationConfig, options: argparse.Namespace) -> None:
    """Run a station until a signal. Raises PortInUse."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    control = options.control_port if options.control_port is not None else config.control_port
    station = Station(
        list(config.cameras),
        discovery=options.discovery or config.discovery,
        control_port=control,
        folder=options.folder,
    )
    async with station:
        for running in station.cameras.values():
            settings = running.camera.config
            scheme = "https" if settings.tls else "http"
            print(  # noqa: T201 - a program that talks to its terminal
                f"{settings.name}  {scheme}://{in_url(settings.host)}:{running.http_port}/onvif/device_service"
                f"  rtsp://{in_url(settings.host)}:{running.rtsp_port}"
            )
        if station.control_port is not None:
            print(f"control  http://127.0.0.1:{station.control_port}/cameras")  # noqa: T201 - a program that talks to its terminal
        print("ready", flush=True)  # noqa: T201 - a program that talks to its terminal
        await stopped.wait()


def main(argv: list[str] | None = None) -> int:
    """Run and return the exit code."""
    options = arguments(argv)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        config = load(options.config, host=options.host, cameras=options.cameras)
        asyncio.run(run(config, options))
    except (ConfigError, PortInUse) as err:
        print(err, file=sys.stderr)  # noqa: T201 - a program that talks to its terminal
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
