"""Builds the wheel and tries it where nothing of ours is: an empty virtual environment without Node,
npm or font tools. Every command says its help; the flow runs; the portal answers.

Usage: python scripts/check_wheel.py [PYTHON]   (the interpreter to try; this one when left out)
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 300


def build(folder: Path) -> Path:
    """The wheel of this checkout, in `folder`; its assets must have been built."""
    if not (ROOT / "src/marsad/web/assets/dist/manifest.json").exists():
        sys.exit("check_wheel: the assets are not built: python3 scripts/setup.py run")
    command = [sys.executable, "-m", "flit_core.wheel", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    return next(folder.glob("marsad-*.whl"))


def install(python: str, wheel: Path, folder: Path) -> Path:
    """The bin folder of a new virtual environment that holds the wheel and what it asks for."""
    subprocess.run([python, "-m", "venv", str(folder)], check=True)  # noqa: S603
    pip = (str(folder / "bin/python"), "-m", "pip", "install", "-q", "--disable-pip-version-check")
    subprocess.run([*pip, "--find-links", str(ROOT / "vendor"), str(wheel)], check=True)  # noqa: S603
    for tool in ("node", "npm", "pyftsubset", "flit"):
        assert not (folder / "bin" / tool).exists(), f"{tool} came with the wheel"
    return folder / "bin"


class Installed:
    """The program of an installation, run with nothing else on its PATH."""

    def __init__(self, bin_folder: Path, home: Path) -> None:
        self.program = str(bin_folder / "marsad")
        self.environment = {"PATH": str(bin_folder), "MARSAD_HOME": str(home), "LANG": "C.UTF-8"}
        self.home = home

    def run(self, *words: str, code: int = 0) -> str:
        """What a command writes; stops when it ends with another exit code."""
        done = subprocess.run(  # noqa: S603
            [self.program, *words], cwd=self.home.parent, env=self.environment,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode != code:
            sys.exit(f"marsad {' '.join(words)} ended with {done.returncode}:\n{done.stderr}")
        return done.stdout or done.stderr

    def helps(self, *words: str) -> Iterator[tuple[str, ...]]:
        """Every command that says its help, groups and what is in them."""
        text = self.run(*words, "--help")
        yield words
        _, _, listed = text.partition("\nCommands:\n")
        for name in re.findall(r"^  ([a-z][\w-]*)", listed, re.M):
            yield from self.helps(*words, name)

    def up(self) -> None:
        """Start the portal, ask it for its health, a page, an asset and a figure, and stop it."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        base = f"http://127.0.0.1:{port}"
        server = subprocess.Popen(  # noqa: S603
            [self.program, "up"], cwd=self.home.parent,
            env={**self.environment, "MARSAD_PORT": str(port)}, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            page = _answer(f"{base}/fr/", server)
            style = re.search(r"/static/marsad\.[0-9a-f]{10}\.css", page)
            assert style is not None, "the page names no style sheet"
            for path in ("/healthz", style.group(), "/api/v1/indicators", "/ar/indicators"):
                _answer(base + path, server)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=60)


def _answer(address: str, server: subprocess.Popen[bytes]) -> str:
    """The text at an address, once the server listens."""
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            sys.exit(f"{address} answered {error.code}")
        except OSError:
            if server.poll() is not None or time.monotonic() > until:
                sys.exit(f"{address} does not answer")
            time.sleep(0.5)


def main(python: str) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        wheel = build(folder)
        print(f"{wheel.name}: {wheel.stat().st_size / 1e6:.1f} MB")
        installed = Installed(install(python, wheel, folder / "env"), folder / "home")
        size = sum(p.lstat().st_size for p in (folder / "env").rglob("*") if p.is_file()) / 1e6
        print(f"installed in an empty environment: {size:,.0f} MB")
        print(f"{len(list(installed.helps()))} commands say their help")
        lacking = installed.run("train", "isco08", "--esco", os.devnull, code=6)
        assert "pip install 'marsad[train]'" in lacking, lacking
        print("a missing extra: " + lacking.strip())
        print("marsad flow: " + installed.run("flow").strip().splitlines()[-1])
        installed.up()
        print("marsad up: /healthz, /fr/, its style, the API and /ar/indicators answer")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else sys.executable)
