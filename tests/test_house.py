"""Who may import whom, and what a reader may do with the files."""

import ast
import importlib.util
import runpy
import sys
from collections import namedtuple
from pathlib import Path

import pytest

import purenet

PACKAGE = Path(purenet.__file__).parent

# Besides the standard library, and each folder from itself.
MAY_IMPORT = {
    "support": set(),
    "matrix": {"support.checks"},
    "network": {"matrix", "support"},
    "gradcheck": {"support.lists_or_arrays"},
    "data": {"matrix", "support"},
    "display": {"matrix", "network", "support"},
    "checker": {"matrix", "network", "gradcheck", "support"},
    "__init__": {"matrix", "network", "gradcheck", "data", "checker"},
}


def imported(path):
    """The absolute names of all that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import, so that a copy of it would not run"
            # `from purenet import network` names a module, `from purenet.network import Network` does not.
            yield from (
                f"{node.module}.{alias.name}" if node.module in FOLDERS else node.module for alias in node.names
            )


FOLDERS = {"purenet", *(f"purenet.{path.parent.name}" for path in PACKAGE.glob("*/__init__.py"))}
FILES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("name", FILES)
def test_a_file_imports_the_standard_library_and_what_its_room_may(name):
    room = name.partition("/")[0].partition(".")[0]
    allowed = {f"purenet.{other}" for other in MAY_IMPORT[room] | {room}}
    for module in imported(PACKAGE / name):
        if module.split(".")[0] == "purenet":
            assert any(module == other or module.startswith(other + ".") for other in allowed), module
        elif hasattr(sys, "stdlib_module_names"):  # from Python 3.10 on
            assert module.split(".")[0] in {*sys.stdlib_module_names, "__future__"}, module


def test_there_are_three_files_to_read_and_four_folders():
    shown = {path.name for path in PACKAGE.iterdir()} - {"README.md", "__pycache__"}
    files, folders = {"matrix.py", "network.py", "gradcheck.py"}, {"data", "checker", "display", "support"}
    assert shown == {"__init__.py"} | files | folders


@pytest.mark.parametrize("name", ["matrix", "network", "gradcheck"])
def test_a_copy_of_a_file_runs_under_any_name_in_any_folder(name, tmp_path):
    copy = tmp_path / "my copy.py"
    copy.write_text((PACKAGE / f"{name}.py").read_text(encoding="utf-8"), encoding="utf-8")
    copied, original = runpy.run_path(str(copy)), vars(sys.modules[f"purenet.{name}"])
    public = [key for key, value in original.items() if getattr(value, "__module__", "") == f"purenet.{name}"]
    assert public and all(key in copied for key in public)


def test_an_older_python_gets_one_sentence(monkeypatch):
    source = (PACKAGE / "__init__.py").read_text(encoding="ascii")  # as Python 2 reads it
    version = namedtuple("version", "major minor micro releaselevel serial")(2, 7, 18, "final", 0)
    monkeypatch.setattr(sys, "version_info", version)
    monkeypatch.setattr(sys, "version", "2.7.18 (default)")
    with pytest.raises(SystemExit, match=r"^purenet needs Python 3\.9 or later; this is 2\.7\.18$"):
        exec(source, {})


def test_all_that_is_public_can_be_imported_from_the_package():
    for name in purenet.__all__:
        value = getattr(purenet, name)
        assert name == "Network" or importlib.util.find_spec(value.__name__) is value.__spec__
