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
from types import ModuleType
from typing import Any

from purenet.checker.aliases import method_of
from purenet.checker.guarded_call import tried

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
    classes = {
        key: value
        for key, value in vars(module).items()
        if isinstance(value, type) and value.__module__ == module.__name__
    }
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
    module = ModuleType(f"candidate_{os.path.splitext(os.path.basename(path))[0]}")
    module.__file__ = path

    def run(code: str | bytes, name: str) -> None:
        exec(compile(code, name, "exec"), vars(module))

    def run_file(code: bytes, name: str) -> None:
        dots = re.findall(rb"^\s*from\s+(\.+)", code, re.MULTILINE)
        _find_imports(path, module, max(map(len, dots), default=0))
        run(code, name)

    sys.modules[module.__name__] = module
    if not path.endswith(".ipynb"):
        _, trouble = tried((path,), run_file, *cells[0])
        if trouble:
            raise ValueError(f"{path} cannot be imported: {trouble.clause}")
        return module
    _find_imports(path, module, 0)
    for code, name in cells:
        linecache.cache[name] = (len(code), None, code.splitlines(True), name)
    failed = [trouble for trouble in (tried((path,), run, *cell)[1] for cell in cells) if trouble]
    if failed:
        first = failed[0].clause.partition("\n")[0].rstrip(":")
        skipped = f"{len(failed)} of {len(cells)} cells of the notebook fail, and were skipped"
        if any(code.strip() and code[0].isspace() for code, _ in cells):
            skipped += "; a class must stand in one cell, and not go on in the next"
        vars(module)["__skipped__"] = f"{skipped} (the first: {first})"
    return module


def _cells(path: str) -> list[tuple[Any, str]]:
    """The code of the file, or of each cell of a notebook, with the name that its lines are shown by."""
    with open(path, "rb") as file:
        data = file.read()
    if not path.endswith(".ipynb"):
        return [(data, path)]
    try:
        cells = json.loads(data)["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (KeyError, TypeError, ValueError):
        raise ValueError("it is not a notebook with a list of cells; save it in Jupyter again") from None
    return [(_without_magics(source), f"{path}, cell {k}") for k, source in enumerate(sources, 1)]


def _without_magics(source: str) -> str:
    """The cell with a comment in the place of each line for Jupyter, which is no Python."""
    try:
        compile(source, "", "exec")
        return source
    except (SyntaxError, ValueError):  # Such a line may also stand in a string, of a cell without magics.
        return re.sub(r"^\s*[%!?]", "# ", source, flags=re.MULTILINE)


def _find_imports(path: str, module: ModuleType, dots: int) -> None:
    """What the file imports is found in its folder first, and in those above it last.

    Where it has relative imports, with so many dots at the most, the folders that they go up are a package.
    """
    above = [os.path.dirname(path)]
    while len(above) <= max(ABOVE, dots) and os.path.dirname(above[-1]) != above[-1]:
        above.append(os.path.dirname(above[-1]))
    sys.path.insert(0, above[0])
    sys.path += [folder for folder in above if folder not in sys.path]
    if dots:
        *inner, top = above[:dots]
        name, init = f"candidate_of_{os.path.basename(top)}".replace(".", "_"), os.path.join(top, "__init__.py")
        package = sys.modules[name] = ModuleType(name)
        package.__path__, package.__package__ = [top], name
        if os.path.isfile(init):
            with open(init, "rb") as file:
                exec(compile(file.read(), init, "exec"), vars(package))
        module.__package__ = ".".join([package.__name__, *map(os.path.basename, reversed(inner))])
        importlib.import_module(module.__package__)
