"""Puts on this machine what Marsad needs: the virtual environment, locked packages, built assets.

Needs Python alone, and does each part once: a stamp in .venv says which locks it was made from.
Every failure ends in one sentence. Usage: python3 scripts/setup.py run|test
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
LEAST_FREE = 3_000_000_000
DIST = ROOT / "src" / "marsad" / "web" / "assets" / "dist"


def stop(sentence: str) -> None:
    """End with one sentence."""
    sys.exit(f"marsad: {sentence}")


def call(what: str, *command: str) -> None:
    """Run a command quietly; its last words are shown when it fails."""
    print(f"  {what} ...", flush=True)
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        said = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        log = ROOT / "build" / "setup.log"
        log.parent.mkdir(exist_ok=True)
        log.write_text("\n".join([" ".join(command), *said]) + "\n", encoding="utf-8")
        reason = next((line.strip() for line in said if "rror" in line), said[-1] if said else "")
        if "No space left" in done.stderr:
            stop(f"{what}: the disk is full; free 3 GB and run the command again.")
        stop(f"{what} failed ({reason[:160]}); is the network there? All of it is in {log}.")


def digest(*names: str) -> str:
    """What a stamp holds: the joint hash of some files or folders."""
    found = hashlib.sha256(sys.version.encode())
    for name in names:
        path = ROOT / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "dist" not in file.parts and "__pycache__" not in file.parts:
                found.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return found.hexdigest()


def once(part: str, key: str) -> bool:
    """Whether a part still has to be done for this key."""
    stamp = VENV / f".marsad-{part}"
    return not (stamp.exists() and stamp.read_text() == key)


def done(part: str, key: str) -> None:
    (VENV / f".marsad-{part}").write_text(key)


def alone() -> None:
    """Wait until no other setup of this checkout runs; the lock ends with this process."""
    path = ROOT / "build" / "setup.lock"
    path.parent.mkdir(exist_ok=True)
    file = os.open(path, os.O_CREAT | os.O_RDWR)
    fcntl.flock(file, fcntl.LOCK_EX)


def environment() -> None:
    """The virtual environment; Debian keeps its maker in a package of its own."""
    if (BIN / "python").exists() and (BIN / "pip").exists():
        return
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        apt("python3-venv", why="to make a virtual environment")
    call("making the virtual environment", sys.executable, "-m", "venv", str(VENV))


def apt(*packages: str, why: str) -> None:
    """Install Debian packages, when this is Debian and we may; else say which."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        stop(
            f"{', '.join(packages)} is needed {why}: install it with your system's package manager."
        )
    call("reading the list of system packages", "apt-get", "update", "-qq")
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    call(
        f"installing {', '.join(packages)}",
        "apt-get",
        "install",
        "-y",
        "-qq",
        "--no-install-recommends",
        *packages,
    )


def packages(lock: str) -> None:
    """The locked Python packages, by hash; copies in vendor/ serve where an index lacks them."""
    key = digest(lock)
    if once(lock, key):
        pip = (str(BIN / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check")
        where = ("--find-links", "vendor", "--require-hashes", "-r", lock)
        call(f"installing the packages of {lock}", *pip, *where)
        done(lock, key)


def package() -> None:
    """Marsad itself, linked to this checkout."""
    key = digest("pyproject.toml")
    if once("package", key) or not (BIN / "marsad").exists():
        pip = (str(BIN / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check")
        call("installing marsad", *pip, "--no-build-isolation", "--no-deps", "-e", ".")
        done("package", key)


def assets(*, dev: bool) -> None:
    """The front-end packages (with the Node of the virtual environment) and what is built of them."""
    key = digest("package-lock.json")
    if once("npm-dev", key) and (dev or once("npm", key)):  # what tests have serves to run as well
        omit = () if dev else ("--omit=dev",)
        call("installing front-end packages", str(BIN / "npm"), "ci", "--ignore-scripts", *omit)
        done("npm-dev" if dev else "npm", key)
    key = digest(
        "package-lock.json",
        "src/marsad/web/assets",
        "src/marsad/web/build.py",
        "src/marsad/web/outlines.py",
    )
    if once("assets", key) or not DIST.exists():
        call("building the assets", str(BIN / "python"), "-m", "marsad.web.build")
        done("assets", key)


def main(goal: str) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - run by whatever Python is there
        stop(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    if not VENV.exists() and shutil.disk_usage(ROOT).free < LEAST_FREE:
        free = shutil.disk_usage(ROOT).free // 1_000_000
        stop(
            f"the disk under {ROOT} has {free} MB free and 3,000 MB are needed to install; free some first."
        )
    testing = goal == "test"
    alone()
    environment()
    packages("requirements.lock")
    packages("requirements-build.lock")
    if testing:
        packages("requirements-dev.lock")
    package()
    assets(dev=testing)
    if testing and not shutil.which("chromium"):
        apt("chromium", why="to test the portal in a real browser")
    if testing and not shutil.which("Rscript") and shutil.which("apt-get") and not os.geteuid():
        apt("r-cran-rsdmx", why="to test the SDMX service with R")  # else that test is skipped
    servers = [*Path("/usr/lib/postgresql").glob("*/bin/initdb"), shutil.which("initdb")]
    if testing and not any(servers) and shutil.which("apt-get") and not os.geteuid():
        apt("postgresql", why="to test control data on PostgreSQL")  # else those tests are skipped
    if testing and not shutil.which("tesseract") and shutil.which("apt-get") and not os.geteuid():
        apt(
            "tesseract-ocr", "tesseract-ocr-ara", "tesseract-ocr-fra", why="to test scans"
        )  # else skipped


if __name__ == "__main__":
    try:
        main(sys.argv[1] if len(sys.argv) > 1 else "run")
    except OSError as error:
        stop(f"{error.strerror}: {error.filename or ''}".strip())
    except KeyboardInterrupt:
        stop("stopped.")
