"""The software bill of materials of Marsad, CycloneDX 1.5 as JSON, from the lock: python scripts/sbom.py [LOCK]"""

from __future__ import annotations

import json
import re
import sys
import uuid
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_PACKAGE = re.compile(r"^([\w.\-]+)(?:\[[^\]]*\])?==([^\s;\\]+)")


def components(lock: str) -> list[dict[str, object]]:
    """The packages of a lock with their hashes, and the licence that each states where it is installed."""
    listed: list[dict[str, object]] = []
    for line in lock.splitlines():
        if match := _PACKAGE.match(line):
            name, version = match.groups()
            listed.append(
                {
                    "type": "library", "name": name, "version": version, "hashes": [],
                    "purl": f"pkg:pypi/{name.lower().replace('_', '-')}@{version}",
                    "bom-ref": f"{name}@{version}", **_licence(name),
                }
            )  # fmt: skip
        elif "--hash=sha256:" in line:
            digest = line.split("sha256:")[1].strip(" \\")
            hashes = listed[-1]["hashes"]
            assert isinstance(hashes, list)
            hashes.append({"alg": "SHA-256", "content": digest})
    return listed


def _licence(name: str) -> dict[str, object]:
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return {}
    words = about.get("License-Expression") or about.get("License") or ""
    return {"licenses": [{"license": {"name": words.splitlines()[0][:100]}}]} if words else {}


def bill(lock: str, version: str) -> dict[str, object]:
    """The whole bill."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, version + lock)}",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "marsad", "version": version}},
        "components": components(lock),
    }


if __name__ == "__main__":
    path = Path(sys.argv[1]) if sys.argv[1:] else ROOT / "requirements.lock"
    source = (ROOT / "src" / "marsad" / "__init__.py").read_text("utf-8")
    (own_version,) = re.findall(r'__version__ = "([^"]+)"', source)
    print(json.dumps(bill(path.read_text("utf-8"), own_version), indent=1))
