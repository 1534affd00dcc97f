"""Where this installation keeps its data and how it answers: environment variables only.

MARSAD_HOME   folder of the lake, the releases and the vault (default: ./data)
MARSAD_HOST   address the portal listens on (default: 127.0.0.1)
MARSAD_PORT   its port (default: 8000)
MARSAD_WORKERS  processes for enrich (default: the number of cores)
MARSAD_SITE   address by which visitors reach it, such as https://marsad.example (default: as asked)
MARSAD_ADMIN  1 shows the review queue in the portal and the API (default: 0)
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from marsad.base.errors import PlaceError


@dataclass(frozen=True)
class Settings:
    """One installation: paths and addresses. Built once, handed down."""

    home: Path
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    admin: bool = False
    site: str = ""

    @property
    def url(self) -> str:
        return self.site or f"http://{self.host}:{self.port}"


def read_settings(env: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment; PlaceError names a variable that cannot be read."""
    env = os.environ if env is None else env

    def number(name: str, default: int, most: int) -> int:
        text = env.get(name, str(default))
        if not text.isdecimal() or not 0 < int(text) <= most:
            raise PlaceError(f"{name} must be a whole number from 1 to {most}, not {text!r}.")
        return int(text)

    if env.get("MARSAD_ADMIN", "0") not in {"0", "1"}:
        raise PlaceError(f"MARSAD_ADMIN must be 0 or 1, not {env['MARSAD_ADMIN']!r}.")
    site = env.get("MARSAD_SITE", "")
    if site and not site.startswith(("http://", "https://")):
        raise PlaceError(
            f"MARSAD_SITE must be an address such as https://marsad.example, not {site!r}."
        )
    return Settings(
        home=Path(env.get("MARSAD_HOME", "data")).resolve(),
        host=env.get("MARSAD_HOST", "127.0.0.1"),
        port=number("MARSAD_PORT", 8000, 65535),
        workers=number("MARSAD_WORKERS", os.cpu_count() or 1, 256),
        admin=env.get("MARSAD_ADMIN") == "1",
        site=site.rstrip("/"),
    )
