"""Loads somebody's class from their file, or from a notebook.

    network_class = load_class("my_network.py:MyNetwork")

The file is run as an import does, so only a file that one would run oneself should be loaded. What it imports
is looked for beside it first, then where Python looks, then in the folders above it. Its source is run, never
bytecode, which may be that of an older source.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import json
import linecache
import os
import re
import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import Any

from purenet.checker.aliases import method_of
from purenet.checker.guarded_call import tried

ABOVE = 4  # folders above that of the file in which its imports are looked for


def load_class(name: str) -> type:
    """The class that `name` says, see `path_and_class`; another one if it is the only one with a backprop.

    Raises ValueError with a sentence where there is no such class.
    """
    path, class_name = path_and_class(name)
    if not os.path.isfile(path):
        what = "is a folder, not a file" if os.path.isdir(path) else "there is no such file"
        raise ValueError(f"{path}: {what}")
    module = _loaded(path)
    classes = {
        key: value
        for key, value in vars(module).items()
        if isinstance(value, type) and value.__module__ == module.__name__
    }
    found = getattr(module, class_name, None)
    likely = [value for value in classes.values() if method_of(value, "backprop")]
    if not isinstance(found, type) and class_name == "Network" and len(likely) == 1:
        found = likely[0]
    others = f"; it has {', '.join(classes)}: name one after a colon" if classes else ""
    if not isinstance(found, type):
        raise ValueError(f"{path} has no class {class_name}{others}")
    if classes and found.__module__ == "purenet.network":
        raise ValueError(f"{path} has no class {class_name} of its own, but imports that of purenet{others}")
    return found


def path_and_class(name: str) -> tuple[str, str]:
    """The path of the file and the name of the class in `name`: "my_network.py:MyNetwork", or
    "my_network.py" for its class `Network`.
    """
    path, _, class_name = name.rpartition(":")
    if path and class_name.isidentifier():
        return os.path.abspath(path), class_name
    return os.path.abspath(name), "Network"


def _loaded(path: str) -> ModuleType:
    """The module that is made by running the file, or the cells of a notebook."""
    cells, trouble = tried((path,), _cells, path)
    if trouble:
        raise ValueError(f"{path} cannot be read: {trouble.clause}")
    module = ModuleType(f"candidate_{os.path.splitext(os.path.basename(path))[0]}")
    module.__file__ = path

    def run(code: str | bytes, name: str) -> None:
        exec(compile(code, name, "exec"), vars(module))

    def run_file(above: list[str]) -> None:
        dots = re.findall(rb"^\s*from\s+(\.+)", cells[0][0], re.MULTILINE)
        _put_in_package(module, above[: max(map(len, dots), default=0)])
        run(*cells[0])

    with _own_imports(path) as above:
        if not path.endswith(".ipynb"):
            _, trouble = tried((path,), run_file, above)
            if trouble:
                raise ValueError(f"{path} cannot be imported: {trouble.clause}")
            return module
        sys.modules[module.__name__] = module
        for code, name in cells:
            linecache.cache[name] = (len(code), None, code.splitlines(True), name)
        failed = sum(tried((path,), run, *cell)[1] is not None for cell in cells)
    if failed:
        vars(module)["__skipped__"] = f"{failed} of {len(cells)} cells of the notebook fail, and were skipped"
    return module


def _cells(path: str) -> list[tuple[Any, str]]:
    """The code of the file, or of each cell of a notebook, with the name that its lines are shown by."""
    with open(path, "rb") as file:
        data = file.read()
    if not path.endswith(".ipynb"):
        return [(data, path)]
    sources = ["".join(cell["source"]) for cell in json.loads(data)["cells"] if cell["cell_type"] == "code"]
    magic = re.compile(r"^\s*[%!?]", re.MULTILINE)
    return [(magic.sub("# ", source), f"{path}, cell {k}") for k, source in enumerate(sources, 1)]


@contextlib.contextmanager
def _own_imports(path: str) -> Iterator[list[str]]:
    """The folder of the file and those above it, in which what it imports is found from now on."""
    above = [os.path.dirname(path)]
    while len(above) <= ABOVE and os.path.dirname(above[-1]) != above[-1]:
        above.append(os.path.dirname(above[-1]))
    finder = _Finder(above)
    sys.meta_path[:] = [finder, *(other for other in sys.meta_path if not isinstance(other, _Finder))]
    sys.path += [folder for folder in above if folder not in sys.path]
    # Of a copy of this very package, its own modules are judged, not ours.
    ours = {}
    if "purenet" in finder.packages or os.path.exists(os.path.join(above[0], "purenet")):
        ours = {key: sys.modules.pop(key) for key in [*sys.modules] if key.partition(".")[0] == "purenet"}
    try:
        yield above
    finally:
        sys.modules.update(ours)


class _Finder:
    """Finds the modules beside a file, and those of its own package, before others of these names."""

    def __init__(self, above: list[str]) -> None:
        self.above, self.packages = above, [os.path.basename(folder) for folder in above[:-1]]
        self.found: set[str] = set()

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """As the import system calls it."""
        top = name.partition(".")[0]
        if path is None:
            path = self.above if name in self.packages else self.above[:1]
        elif top not in self.found and not top.startswith("candidate_of_"):
            return None
        spec = PathFinder.find_spec(name, path)
        if not spec or not spec.origin:  # A mere folder: there may be a module of the same name elsewhere.
            return None
        self.found.add(top)
        if isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Source(name, spec.loader.path)
        return spec


class _Source(SourceFileLoader):
    """Runs the source of a module, whatever bytecode there is of it."""

    def get_code(self, fullname: str) -> Any:
        return self.source_to_code(self.get_data(self.path), self.path)


def _put_in_package(module: ModuleType, folders: list[str]) -> None:
    """Make the module one of a package, of the folders that its relative imports go up, the innermost first."""
    if folders:
        top, *inner = reversed(folders)
        package = f"candidate_of_{os.path.basename(top)}"
        init = os.path.join(top, "__init__.py")
        spec = ModuleSpec(package, _Source(package, init) if os.path.isfile(init) else None, is_package=True)
        spec.submodule_search_locations = [top]
        sys.modules[package] = importlib.util.module_from_spec(spec)
        if spec.loader:
            spec.loader.exec_module(sys.modules[package])
        module.__package__ = ".".join([package, *map(os.path.basename, inner)])
        importlib.import_module(module.__package__)
        module.__name__ = f"{module.__package__}.{module.__name__[len('candidate_') :]}"
    sys.modules[module.__name__] = module
