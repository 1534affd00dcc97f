"""What of the package is reached: from a command, a page, a route, a step or the client.

Read from the code, not run. A name reaches what it is bound to in its module or imported from; what is
called through an attribute of a value is not followed, so methods are not judged.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "marsad"
ROOTS = ("marsad.cli.main", "marsad.client", "marsad.web.build", "marsad.web.locale.messages")
"""Programs: the command line, the client that may be copied out, and two that developers run."""
PLUGINS = re.compile(
    r"marsad\.(web\.pages\.\w+\.page|products\.indicators\.\w+\.compute|collect\.sources\.\w+\.source"
    r"|collect\.adapters\.\w+|enrich\.fields\.\w+\.classify|publish\.formats\.writers\.\w+"
    r"|lake\.control\.migrations\.m\d+\w*)"
)
"""Modules that a folder registers, and what is called of them."""
ENTRIES = ("context", "answer", "post", "compute", "collect", "classify", "upgrade")
Definition = tuple[str, str]


class Package:
    """The definitions of the package, and which of them are reached."""

    def __init__(self) -> None:
        self.trees = {
            _module(path): ast.parse(path.read_text("utf-8")) for path in SOURCE.rglob("*.py")
        }
        self.definitions: dict[Definition, ast.AST] = {}
        self.imported: dict[str, dict[str, Definition]] = defaultdict(dict)
        for module, tree in self.trees.items():
            for node in tree.body:
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                    self.definitions[module, node.name] = node
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("marsad"):
                    for alias in node.names:
                        name = alias.asname or alias.name
                        self.imported[module][name] = (str(node.module), alias.name)
        self.reached: set[Definition] = set()
        self._modules: set[str] = set()
        self._waiting: list[Definition] = []
        for root in ROOTS:
            self._enter(root)
        for module in self.trees:
            if PLUGINS.fullmatch(module):
                self._enter(module)
                for name in ENTRIES:
                    self._reach((module, name))
        self._reach(("marsad.client", "Client"))
        while self._waiting:
            module, name = self._waiting.pop()
            self._read(module, self.definitions[module, name])

    def unreached(self) -> list[str]:
        """Public functions and classes that nothing reaches, as `module.name`."""
        return sorted(
            f"{module}.{name}"
            for module, name in self.definitions
            if (module, name) not in self.reached and not name.startswith("_")
        )

    def _reach(self, definition: Definition) -> None:
        module, name = definition
        if definition in self.definitions:
            if definition not in self.reached:
                self.reached.add(definition)
                self._waiting.append(definition)
        elif name in self.imported.get(module, {}):  # passed on by a module that imports it
            self._reach(self.imported[module][name])

    def _enter(self, module: str) -> None:
        """What runs when a module is imported, and the commands that it declares."""
        if module in self._modules or module not in self.trees:
            return
        self._modules.add(module)
        for node in self.trees[module].body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                for decorator in node.decorator_list:
                    self._read(module, decorator)
                    if re.search(r"\.(command|group)\(", ast.unparse(decorator)):
                        self._reach((module, node.name))
            else:
                self._read(module, node)

    def _read(self, module: str, tree: ast.AST) -> None:
        imported = self.imported[module]
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("marsad"):
                self._enter(str(node.module))
                for alias in node.names:
                    self._enter(f"{node.module}.{alias.name}")
            elif isinstance(node, ast.Name):
                self._reach((module, node.id))
            elif (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id in imported
            ):
                self._reach((".".join(imported[node.value.id]), node.attr))


def _module(path: Path) -> str:
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")
