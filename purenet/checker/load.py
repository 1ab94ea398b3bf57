"""Loads somebody's class from their file, or from a notebook.

    network_class = load_class("my_network.py:MyNetwork")

The file is run as an import does, so only a file that one would run oneself should be loaded. What it imports
is looked for beside it first, then where Python looks, then in the folders above it. Its source is run, never
bytecode, which may be that of an older source.
"""

from __future__ import annotations

import ast
import importlib.machinery
import importlib.util
import json
import linecache
import os
import sys
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Any

from purenet.checker.attempt import tried, why
from purenet.checker.names import method_of

ABOVE = 4  # folders above that of the file in which its imports are looked for


def path_and_class(name: str) -> tuple[str, str]:
    """The path of the file and the name of the class in `name`: "my_network.py:MyNetwork", or
    "my_network.py" for its class `Network`.
    """
    path, class_name = name, "Network"
    if name.rpartition(":")[2].isidentifier() and name.rpartition(":")[0]:
        path, _, class_name = name.rpartition(":")
    return os.path.abspath(path), class_name


class _Source(importlib.machinery.SourceFileLoader):
    """Runs the source of a module, whatever bytecode there is of it."""

    def get_code(self, fullname: str) -> Any:
        return self.source_to_code(self.get_data(self.path), self.path)


class _Finder:
    """Finds modules in these folders; with `names`, those alone."""

    def __init__(self, folders: list[str], names: Sequence[str] | None = None) -> None:
        self.folders, self.names = folders, names

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """As the import system calls it."""
        if self.names is not None and name.partition(".")[0] not in self.names:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, self.folders if path is None else path)
        if spec and spec.origin and isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            if spec.origin.startswith(tuple(self.folders)):
                spec.loader = _Source(name, spec.origin)
                return spec
        return spec if spec and path is None and spec.origin is None else None


def load_class(name: str) -> type:
    """The class that `name` says, see `path_and_class`; another one if it is the only one with a backprop.

    Raises ValueError with a sentence where there is no such class.
    """
    path, class_name = path_and_class(name)
    if not os.path.isfile(path):
        what = "is a folder, not a file" if os.path.isdir(path) else "there is no such file"
        raise ValueError(f"{path}: {what}")
    above = [os.path.dirname(path)]
    while len(above) <= ABOVE and os.path.dirname(above[-1]) != above[-1]:
        above.append(os.path.dirname(above[-1]))
    own = [os.path.basename(folder) for folder in above[:-1]]
    sys.meta_path[:] = [f for f in sys.meta_path if not isinstance(f, _Finder)]
    sys.meta_path[:0] = [_Finder(above[:1]), _Finder(above[1:], own)]
    sys.meta_path.append(_Finder(above[1:]))
    # Of a copy of this very package, its own modules are judged, not ours.
    ours = {}
    if "purenet" in own or os.path.exists(os.path.join(above[0], "purenet")):
        ours = {key: module for key, module in sys.modules.items() if key.partition(".")[0] == "purenet"}
    for key in ours:
        del sys.modules[key]
    try:
        module = _run(path, above)
    finally:
        sys.modules.update(ours)
    found = getattr(module, class_name, None)
    classes = {
        key: value
        for key, value in vars(module).items()
        if isinstance(value, type) and value.__module__ == module.__name__
    }
    others = f"; it has {', '.join(classes)}: name one after a colon" if classes else ""
    if not isinstance(found, type) and class_name == "Network":
        likely = [value for value in classes.values() if method_of(value, "backprop")]
        found = likely[0] if len(likely) == 1 else None
    if not isinstance(found, type):
        raise ValueError(f"{path} has no class {class_name}{others}")
    if classes and found.__module__ == "purenet.network":
        raise ValueError(f"{path} has no class {class_name} of its own, but imports that of purenet{others}")
    return found


def _run(path: str, above: list[str]) -> ModuleType:
    """The module that is made by running the file."""
    stem = os.path.splitext(os.path.basename(path))[0]
    name = f"candidate_{stem}"
    module = ModuleType(name)
    module.__file__ = path
    cells, trouble = tried((path,), _cells, path)
    if trouble:
        raise ValueError(f"{path} cannot be read: {trouble.clause}")
    try:
        levels = max(
            [
                node.level
                for code, _ in cells
                for node in ast.walk(ast.parse(code))
                if isinstance(node, ast.ImportFrom)
            ],
            default=0,
        )
    except (SyntaxError, ValueError):
        levels = 0
    package = ""
    for folder in reversed(above[:levels]):  # A relative import needs a package of every folder it goes up.
        package = (
            f"{package}.{os.path.basename(folder)}" if package else f"candidate_of_{os.path.basename(folder)}"
        )
        init = os.path.join(folder, "__init__.py")
        spec: Any = importlib.machinery.ModuleSpec(package, None, is_package=True)
        if os.path.isfile(init):
            spec = importlib.util.spec_from_file_location(
                package, init, loader=_Source(package, init), submodule_search_locations=[folder]
            )
        parent = importlib.util.module_from_spec(spec)
        parent.__path__ = [folder]
        sys.modules[package] = parent
        if spec.loader:
            _require(path, init, spec.loader.exec_module, parent)
    if package:
        module.__name__ = name = f"{package}.{stem}"
        module.__package__ = package
    sys.modules[name] = module
    skipped = 0
    for code, file in cells:
        if path.endswith(".ipynb"):
            linecache.cache[file] = (len(code), None, code.splitlines(True), file)
            skipped += (
                tried((path,), lambda c=code, f=file: exec(compile(c, f, "exec"), vars(module)))[1] is not None
            )
        else:
            _require(path, path, lambda c=code, f=file: exec(compile(c, f, "exec"), vars(module)))
    if skipped:
        vars(module)["__skipped__"] = f"{skipped} of {len(cells)} cells of the notebook fail, and were skipped"
    return module


def _require(path: str, file: str, function: Any, *args: Any) -> None:
    """Raise ValueError where function(*args), which runs the file, fails."""
    errors: list[BaseException] = []

    def run() -> None:
        try:
            function(*args)
        except BaseException as error:
            errors.append(error)
            raise

    trouble = tried((file,), run)[1]
    if not trouble:
        return
    error = errors[0]
    clause = why(error, (file,), outermost=True)
    if isinstance(error, ModuleNotFoundError):
        clause += f"\nThere is no {error.name} beside it, above it, or where Python looks for modules."
    elif not isinstance(error, (SyntaxError, ImportError)) and "\n" in clause:
        clause += '\nWhat loads data or trains should stand under `if __name__ == "__main__":`.'
    raise ValueError(f"{path} cannot be imported: {clause}")


def _cells(path: str) -> list[tuple[str | bytes, str]]:
    """The code of the file, or of each cell of a notebook, with the name that its lines are shown by."""
    with open(path, "rb") as file:
        data = file.read()
    if not path.endswith(".ipynb"):
        return [(data, path)]
    cells = [cell for cell in json.loads(data)["cells"] if cell["cell_type"] == "code"]
    return [
        (
            "".join("# " * line.lstrip().startswith(("%", "!", "?")) + line for line in _lines(cell["source"])),
            f"{path}, cell {k}",
        )
        for k, cell in enumerate(cells, 1)
    ]


def _lines(source: Any) -> Iterator[str]:
    yield from (source if isinstance(source, str) else "".join(source)).splitlines(True)
