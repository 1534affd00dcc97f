"""Where this installation keeps its data and how it answers: environment variables only.

MARSAD_HOME   folder of the lake, the releases and the vault (default: ./data)
MARSAD_DATABASE  postgresql://user:password@host/name of the control data, where several servers share
              them (default: control.db, a file in MARSAD_HOME)
MARSAD_HOST   address the portal listens on (default: 127.0.0.1)
MARSAD_PORT   its port (default: 8000)
MARSAD_WORKERS  processes for enrich (default: the number of cores)
MARSAD_SITE   address by which visitors reach it, such as https://marsad.example or, below a path,
              https://host.example/observatory (default: as asked)
MARSAD_PROXIES  addresses and networks of reverse proxies, such as 127.0.0.1,10.0.0.0/8, whose word counts for
              who a visitor is (X-Forwarded-For, X-Forwarded-Proto); default: nobody's word
MARSAD_ENGINE  what runs the flow: embedded (default), or a Spark cluster, spark://host:7077
MARSAD_ANSWERS_MB  disk for answers that are given again as they were made (default: 256; 0: none)
MARSAD_APPROVALS  persons who must approve of a release before it is served, and of the right to collect a
              source (default: 0; 2: four eyes)
MARSAD_METRICS  1 shows figures for Prometheus at /metrics (default: 0; let no proxy pass it on)
MARSAD_LOG    json writes the log as lines of JSON, one for each answer, without addresses (default: text)
MARSAD_SAMPLE 0 leaves the synthetic sample data out (default: 1)
MARSAD_ADMIN  1 shows the review queue in the portal and the API (default: 0)
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

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
    sample: bool = True
    engine: str = "embedded"
    proxies: tuple[str, ...] = ()
    approvals: int = 0
    metrics: bool = False
    log: str = "text"
    embargo_until: str = ""
    answers_mb: int = 256
    database: str = field(default="", repr=False)

    @property
    def control(self) -> Path | str:
        """Where the control data are: an address of PostgreSQL, or a file of SQLite."""
        return self.database or self.home / "control.db"

    @property
    def url(self) -> str:
        return self.site or f"http://{self.host}:{self.port}"


def read_settings(env: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment; PlaceError names a variable that cannot be read."""
    env = os.environ if env is None else env

    def number(name: str, default: int, most: int, least: int = 1) -> int:
        text = env.get(name, str(default))
        if not text.isdecimal() or not least <= int(text) <= most:
            raise PlaceError(f"{name} must be a whole number from {least} to {most}, not {text!r}.")
        return int(text)

    def switch(name: str, default: str) -> bool:
        if env.get(name, default) not in {"0", "1"}:
            raise PlaceError(f"{name} must be 0 or 1, not {env[name]!r}.")
        return env.get(name, default) == "1"

    site = env.get("MARSAD_SITE", "")
    if site and not site.startswith(("http://", "https://")):
        raise PlaceError(
            f"MARSAD_SITE must be an address such as https://marsad.example, not {site!r}."
        )
    database = env.get("MARSAD_DATABASE", "")
    if database and not database.startswith("postgresql://"):
        raise PlaceError(  # the address may hold a password: it is not repeated
            "MARSAD_DATABASE must be an address such as postgresql://marsad@localhost/marsad."
        )
    return Settings(
        home=Path(env.get("MARSAD_HOME", "data")).resolve(),
        host=env.get("MARSAD_HOST", "127.0.0.1"),
        port=number("MARSAD_PORT", 8000, 65535),
        workers=number("MARSAD_WORKERS", os.cpu_count() or 1, 256),
        admin=switch("MARSAD_ADMIN", "0"),
        site=site.rstrip("/"),
        answers_mb=number("MARSAD_ANSWERS_MB", 256, 100_000, 0),
        sample=switch("MARSAD_SAMPLE", "1"),
        proxies=_networks(env.get("MARSAD_PROXIES", "")),
        metrics=switch("MARSAD_METRICS", "0"),
        log=_log(env.get("MARSAD_LOG", "text")),
        approvals=number("MARSAD_APPROVALS", 0, 5, 0),
        engine=engine_named(env.get("MARSAD_ENGINE", "embedded")),
        database=database,
    )


def _log(name: str) -> str:
    if name not in ("text", "json"):
        raise PlaceError(f"MARSAD_LOG must be text or json, not {name!r}.")
    return name


def _networks(text: str) -> tuple[str, ...]:
    """Addresses and networks, between commas; PlaceError for what is none."""
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    for name in names:
        try:
            ip_network(name)
        except ValueError:
            raise PlaceError(
                f"MARSAD_PROXIES must be addresses or networks such as 127.0.0.1,10.0.0.0/8, not {name!r}."
            ) from None
    return names


def engine_named(name: str) -> str:
    """The name of an engine; PlaceError for one that there is not."""
    if name != "embedded" and not name.startswith("spark://"):
        raise PlaceError(f"The engine must be embedded or spark://HOST:PORT, not {name!r}.")
    return name


def site() -> str:
    """The address by which visitors reach this installation (MARSAD_SITE); empty: as asked."""
    return os.environ.get("MARSAD_SITE", "").rstrip("/")


@lru_cache(maxsize=8)
def _path_of(site: str) -> str:
    return urlsplit(site).path.rstrip("/")


def site_path(path: str) -> str:
    """A path of this site as visitors reach it: below the path of MARSAD_SITE, where that has one."""
    return _path_of(os.environ.get("MARSAD_SITE", "")) + path
