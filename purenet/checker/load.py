"""Loads somebody's class from their file, or from a notebook.

    network_class = load_class("my_network.py:MyNetwork")

The file is run as an import does, so only a file that one would run oneself should be loaded. What it imports
is looked for beside it first, then where Python looks, then in the folders above it.
"""

from __future__ import annotations

import importlib
import json
import linecache
import os
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from purenet.checker.guarded_call import Trouble, tried
from purenet.checker.other_names import method_of

ABOVE = 4  # folders above that of the file in which its imports are looked for


def load_class(name: str) -> type:
    """The class that `name` says, see `path_and_class`; else the only class, or the only one with a backprop.

    Raises ValueError with a sentence where there is no such class.
    """
    path, class_name = path_and_class(name)
    if not os.path.isfile(path):
        what = "is a folder, not a file" if os.path.isdir(path) else "there is no such file"
        raise ValueError(f"{path}: {what}")
    module = _loaded(path)
    values = vars(module).items()
    classes = {key: c for key, c in values if isinstance(c, type) and c.__module__ == module.__name__}
    found = getattr(module, class_name, None)
    likely = [value for value in classes.values() if method_of(value, "backprop")] or [*classes.values()]
    if not isinstance(found, type) and class_name == "Network" and len(likely) == 1:
        found = likely[0]
    others = f"; it has {', '.join(classes)}: name one after a colon" if classes else ""
    others += f"; {vars(module)['__skipped__']}" if "__skipped__" in vars(module) else ""
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
    folders = list(map(str, Path(path).parents))[: 1 + ABOVE]
    sys.path.insert(0, folders[0])
    sys.path += [folder for folder in folders if folder not in sys.path]
    name = Path(path).stem  # by which workers that the file starts find it
    namesake = sys.modules.get(name)
    module = ModuleType(f"of_{name}" if namesake and getattr(namesake, "__file__", "") != path else name)
    module.__file__ = path

    def run(code: str | bytes, name: str) -> None:
        if isinstance(code, bytes):
            module.__package__ = _package(path, code)
            module.__name__ = f"{module.__package__}.{module.__name__}".strip(".")
        sys.modules[module.__name__] = module
        exec(compile(code, name, "exec"), vars(module))

    failed = [trouble for trouble in (tried((path,), run, *cell)[1] for cell in cells) if trouble]
    if failed and isinstance(cells[0][0], bytes):
        raise ValueError(f"{path} cannot be imported: {failed[0].clause}")
    if failed:
        vars(module)["__skipped__"] = _skipped(failed, cells)
    return module


def _cells(path: str) -> list[tuple[Any, str]]:
    """The code of the file, or of each cell of a notebook, with the name that its lines are shown by."""
    data = Path(path).read_bytes()
    if not path.endswith(".ipynb"):
        return [(data, path)]
    try:
        cells = json.loads(data)["cells"]
        sources = [_without_magics("".join(cell["source"])) for cell in cells if cell["cell_type"] == "code"]
    except (KeyError, TypeError, ValueError):
        raise ValueError("it is not a notebook with a list of cells; save it in Jupyter again") from None
    names = [f"{path}, cell {k}" for k in range(1, len(sources) + 1)]
    for code, name in zip(sources, names):
        linecache.cache[name] = (len(code), None, code.splitlines(True), name)
    return list(zip(sources, names))


def _without_magics(source: str) -> str:
    """The cell with a comment in the place of each line for Jupyter, which is no Python."""
    try:
        compile(source, "", "exec")
        return source
    except (SyntaxError, ValueError):  # Such a line may also stand in a string, of a cell without magics.
        return re.sub(r"^\s*[%!?]", "# ", source, flags=re.MULTILINE)


def _skipped(failed: list[Trouble], cells: list[tuple[Any, str]]) -> str:
    """Why cells of a notebook were skipped, in a clause."""
    skipped = f"{len(failed)} of {len(cells)} cells of the notebook fail, and were skipped"
    if any(code.strip() and code[0].isspace() for code, _ in cells):
        skipped += "; a class must stand in one cell, and not go on in the next"
    first = failed[0].clause.partition("\n")[0].rstrip(":")
    return f"{skipped} (the first: {first})"


def _package(path: str, code: bytes) -> str:
    """The package that relative imports of the code are from, "" if it has none.

    It is made of as many folders above the file as the imports go up, and imported.
    """
    dots = max(map(len, re.findall(rb"^\s*from\s+(\.+)", code, re.MULTILINE)), default=0)
    if not dots:
        return ""
    folders = list(Path(path).parents)[:dots][::-1]
    top, *inner = (folder.name for folder in folders)
    name = f"of_{top}".replace(".", "_")  # A copy of purenet is not purenet.
    package = sys.modules[name] = ModuleType(name)
    package.__path__, init = [str(folders[0])], folders[0] / "__init__.py"
    if init.is_file():
        exec(compile(init.read_bytes(), str(init), "exec"), vars(package))
    return importlib.import_module(".".join([package.__name__, *inner])).__name__
