"""A tiny ESCO release of our own writing, in the shape of the official one: files and pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlencode, urlsplit

HOME = "http://data.europa.eu/esco/"
HEAD = "conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,description,code\n"
OCCUPATIONS = {
    "fr": HEAD
    + f'Occupation,{HOME}occupation/o1,2411,gardien de phare,"veilleur de phare\nchargé de lanterne",,2411.90\n'
    + f"Occupation,{HOME}occupation/o2,7212,soudeur de quille,chargé de lanterne,,7212.90\n",
    "ar": HEAD + f"Occupation,{HOME}occupation/o1,2411,حارس المنارة البحرية,,,2411.90\n",
}
SKILLS = {
    "fr": "conceptUri,preferredLabel,altLabels\n"
    + f'{HOME}skill/s1,entretenir la lanterne,"polir le verre de lanterne | lanterne"\n'
    + f"{HOME}skill/s2,signaux,\n",
    "en": f"conceptUri,preferredLabel,altLabels\n{HOME}skill/s1,tend the lantern,\n",
}
RELATIONS = (
    "occupationUri,relationType,skillType,skillUri\n"
    f"{HOME}occupation/o1,essential,skill,{HOME}skill/s1\n"
    f"{HOME}occupation/o1,optional,skill,{HOME}skill/s2\n"
)


def write(folder: Path) -> Path:
    """The release as files in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, files in (("occupations", OCCUPATIONS), ("skills", SKILLS)):
        for language, text in files.items():
            (folder / f"{name}_{language}.csv").write_text(text, encoding="utf-8")
    (folder / "occupationSkillRelations_fr.csv").write_text(RELATIONS, encoding="utf-8")
    return folder


def occupation(name: str, group: str, **more: object) -> dict[str, object]:
    """An occupation as the interface gives it."""
    return {
        "className": "Occupation",
        "uri": f"{HOME}occupation/{name}",
        "title": f"métier {name}",
        "preferredLabel": {"fr": f"métier {name}", "en": f"job {name}"},
        "alternativeLabel": {"fr": [f"autre métier {name}", f"métier {name}"]},
        "_links": {
            "broaderIscoGroup": [{"uri": f"{HOME}isco/C{group}", "title": "groupe"}],
            "hasEssentialSkill": [{"uri": f"{HOME}skill/s1", "title": "compétence s1"}],
            "hasOptionalSkill": [{"uri": f"{HOME}skill/s2", "title": "compétence s2"}],
        },
        **more,
    }


def skill(name: str) -> dict[str, object]:
    """A skill as the interface gives it."""
    return {
        "className": "Skill",
        "uri": f"{HOME}skill/{name}",
        "title": f"savoir faire {name}",
        "preferredLabel": {"fr": f"savoir faire {name}"},
    }


class Interface(BaseHTTPRequestHandler):
    """Answers pages of concepts; `requests` holds the addresses, `broken` those refused once."""

    held: dict[str, list[dict[str, object]]]
    requests: list[str]
    broken: set[str]
    by_page = False  # whether its offset counts pages, not concepts

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        kind = parts.path.rsplit("/", 1)[-1]
        self.requests.append(self.path)
        if parts.path == "/robots.txt" or kind not in self.held:
            return self._answer(404, b"")
        said = {name: values[0] for name, values in parse_qs(parts.query).items()}
        mark = f"{kind} {said['offset']}"
        if mark in self.broken:
            self.broken.discard(mark)
            return self._answer(503, b"")
        offset, limit = int(said["offset"]), int(said["limit"])
        first = offset * limit if self.by_page else offset
        items = self.held[kind][first : first + limit]
        links: dict[str, object] = {}
        if first + limit < len(self.held[kind]):
            after = offset + 1 if self.by_page else offset + limit
            links["next"] = {"href": f"{parts.path}?{urlencode({**said, 'offset': after})}"}
        page = {
            "total": len(self.held[kind]), "offset": offset, "limit": limit, "_links": links,
            "_embedded": {str(item["uri"]): item for item in items},
        }  # fmt: skip
        return self._answer(200, json.dumps(page).encode())

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def interface(occupations: int = 23, skills: int = 45) -> Iterator[tuple[str, type[Interface]]]:
    """An interface on loopback: its address, and its handler to look into."""

    class Handler(Interface):
        held = {  # noqa: RUF012 - shared by the handler's instances on purpose
            "occupation": [occupation(f"o{i}", "2411") for i in range(occupations)],
            "skill": [skill(f"s{i}") for i in range(skills)],
        }
        requests: list[str] = []  # noqa: RUF012
        broken: set[str] = set()  # noqa: RUF012

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/esco/api", Handler
    finally:
        server.shutdown()
        server.server_close()
