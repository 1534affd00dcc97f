"""A real standalone cluster of Spark on loopback: a master and two workers, each in a process of its own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

WAIT_SECONDS = 120


@dataclass
class Cluster:
    """Its address, and the folder in which its workers keep what they run."""

    master: str
    work: Path

    def executors(self) -> list[int]:
        """The processes that run tasks."""
        running = []
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                works = b"ExecutorBackend" in (process / "cmdline").read_bytes()
                if works and self.work in (process / "cwd").resolve().parents:
                    running.append(int(process.name))
        return running

    def kill_an_executor(self, after: float) -> None:
        """Kill one without a word, some seconds after one is there."""
        until = time.monotonic() + WAIT_SECONDS
        while not self.executors() and time.monotonic() < until:
            time.sleep(0.3)
        time.sleep(after)
        os.kill(self.executors()[0], signal.SIGKILL)


def _started(log: Path, words: str) -> re.Match[str]:
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        if match := re.search(words, log.read_text("utf-8", errors="replace")):
            return match
        time.sleep(0.3)
    raise TimeoutError(f"{words!r} never came: {log.read_text('utf-8', errors='replace')[-2000:]}")


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """The cluster; skips, naming what is missing, where Spark or Java is not installed."""
    pyspark = pytest.importorskip("pyspark", reason="the extra `spark` is not installed")
    if not shutil.which("java"):
        pytest.skip("Java is not installed (package openjdk-17-jre-headless)")
    home = Path(pyspark.__file__).parent
    environment = {
        **{k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
        "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_NO_DAEMONIZE": "1",
    }  # fmt: skip
    deploy = "org.apache.spark.deploy"
    processes: list[subprocess.Popen[bytes]] = []

    def start(name: str, *arguments: str) -> Path:
        log = folder / f"{name}.log"
        command = [str(home / "bin" / "spark-class"), *arguments]
        with log.open("wb") as out:
            processes.append(
                subprocess.Popen(
                    command,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    env=environment,
                    start_new_session=True,
                )
            )
        return log

    own = ["--host", "127.0.0.1", "--webui-port", "0"]
    try:
        log = start("master", f"{deploy}.master.Master", *own, "--port", "0")
        master = _started(log, r"Starting Spark master at (spark://[\d.]+:\d+)")[1]
        for name in ("worker-1", "worker-2"):
            size = ["--cores", "1", "--memory", "1500M", "--work-dir", str(folder / name)]
            log = start(name, f"{deploy}.worker.Worker", *own, *size, master)
            _started(log, "Successfully registered with master")
        yield Cluster(master, folder)
    finally:
        for process in processes:
            os.killpg(process.pid, signal.SIGTERM)
        for process in processes:
            process.wait(30)
