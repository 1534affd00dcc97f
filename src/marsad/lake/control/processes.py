"""Which process of which machine, in words by which another process can tell whether it still runs.

A process is `host machine number start`, as in `srv1 3f2a…:4026531836 4711 88123`: the machine is the
boot and the space of process numbers (a container has its own), the start tells a number used again.
"""

from __future__ import annotations

import os
import socket
from functools import cache
from pathlib import Path

_PROC = Path("/proc")


@cache
def machine() -> str:
    """This boot of this machine, and the space in which its process numbers count."""
    boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
    return f"{boot}:{(_PROC / 'self/ns/pid').stat().st_ino}"


def _start(number: int) -> str:
    """When a process of this machine started, in ticks since the boot; '' when it does not run."""
    try:
        fields = (_PROC / str(number) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in "ZX" else fields[19]


def this_process() -> str:
    """The process that calls."""
    number = os.getpid()
    return f"{socket.gethostname()} {machine()} {number} {_start(number)}"


def is_gone(process: str) -> bool:
    """Whether a process is known to have ended: false for one of another machine, whatever its state."""
    parts = process.split(" ")
    if len(parts) != 4 or parts[1] != machine():
        return False
    return _start(int(parts[2])) != parts[3]


def is_here(process: str) -> bool:
    """Whether a process is of this machine and runs."""
    return f" {machine()} " in process and not is_gone(process)


def named(process: str) -> str:
    """A process in words for a person."""
    host, _, number, _ = [*process.split(" "), "", "", ""][:4]
    return f"process {number} on {host}"
