"""A class is loaded from the file's source, with what it imports found beside it, or from a notebook."""

import copy
import json
import sys

import pytest
from learners import LISTS, write

from purenet.checker import guarded_call
from purenet.checker.load import load_class

pytestmark = pytest.mark.usefixtures("modules_and_path")


def files(folder, **texts):
    for name, text in texts.items():
        path = folder / (name.replace("__", "/") + ".py" if name != "__init__" else "__init__.py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_relative_and_package_imports_are_found_from_the_folder_upwards(tmp_path):
    files(
        tmp_path / "my_net",
        __init__="from .loss import A\nWHOLE = A + 3\n",
        core__net=(
            "from ..loss import A\nfrom .. import WHOLE\nfrom my_net.core.other import B\n"
            "from .other import B as C\nclass Network: x = A, B, C, WHOLE\n"
        ),
        core__other="B = 2\n",
        loss="A = 1\n",
    )
    assert load_class(str(tmp_path / "my_net" / "core" / "net.py")).x == (1, 2, 2, 4)


def test_a_file_or_folder_with_the_name_of_a_module_is_not_taken_for_it(tmp_path):
    files(tmp_path, purenet__matrix="A = 1\n", purenet__net="from .matrix import A\nclass Network: x = A\n")
    files(tmp_path, copy="import copy\nclass Network: x = copy.deepcopy\n")
    assert load_class(str(tmp_path / "purenet" / "net.py")).x == 1
    assert load_class(str(tmp_path / "copy.py")).x is copy.deepcopy and sys.modules["copy"] is copy


def test_a_mere_folder_of_the_name_hides_no_module(tmp_path, monkeypatch):
    monkeypatch.delitem(sys.modules, "tabnanny", raising=False)
    files(tmp_path, tabnanny__readme="", net="import tabnanny\nclass Network: x = tabnanny.check\n")
    assert callable(load_class(str(tmp_path / "net.py")).x)


GUARD = r'should stand under `if __name__ == "__main__":`\.$'
BROKEN = [
    ("def f(:\n", r"it raises SyntaxError: .* in line 1:\n    def f\(:$"),
    (
        "import no_such_module\n",
        r"it raises ModuleNotFoundError: .*\nThere is no no_such_module beside it, above it, ",
    ),
    (
        "def f():\n    open('no such file')\n\n\nf()\n",
        r"it raises FileNotFoundError: .* in line 5:\n    f\(\)\n.*" + GUARD,
    ),
    (
        "def f():\n    while 1: 2\n\n\nf()\n",
        r"it takes longer than 0.2 s and was stopped in line 5:\n    f\(\)\n.*" + GUARD,
    ),
    ("import sys\nsys.exit(0)\n", r"it ends the program in line 2:\n    sys.exit\(0\)"),
    (
        "class A:\n    def __init__(self): 1 / 0\n\n\nA()\n",
        r"it raises ZeroDivisionError: .* in line 2 \(__init__\):\n    def __init__\(self\): 1 / 0$",
    ),
    ("print 5\n", r"it raises SyntaxError: .*\nIt is written for Python 2: "),
    ("import cPickle\n", r"it raises ModuleNotFoundError: .*\nIt is written for Python 2: "),
    ("raise type('E', (Exception,), {'__str__': lambda self: 1 / 0})\n", r"it raises E in line 1:"),
]


@pytest.mark.parametrize("text, words", BROKEN, ids=[text for text, _ in BROKEN])
def test_a_file_that_fails_is_explained_by_the_line_of_the_module(tmp_path, monkeypatch, text, words):
    monkeypatch.setattr(guarded_call, "SECONDS", 0.2)
    if "while" in text and sys.platform == "emscripten":
        pytest.skip("nothing stops a call in a browser")
    path = write(tmp_path / "mine.py", text)
    with pytest.raises(ValueError, match=r"(?s)^\S*mine.py cannot be imported: " + words):
        load_class(path)


def test_what_is_not_there_is_said(tmp_path):
    with pytest.raises(ValueError, match=r"nowhere.py: there is no such file$"):
        load_class(str(tmp_path / "nowhere.py"))
    with pytest.raises(ValueError, match=r": is a folder, not a file$"):
        load_class(str(tmp_path))
    with pytest.raises(ValueError, match=r"has no class Network; it has Net, Other: name one after a colon$"):
        load_class(write(tmp_path / "mine.py", "class Net: pass\nclass Other: pass\n"))
    with pytest.raises(ValueError, match=r"has no class Network of its own, but imports that of purenet; it "):
        load_class(write(tmp_path / "mine.py", "from purenet.network import Network\nclass Net: pass\n"))


def test_the_only_class_or_the_only_one_with_a_backprop_is_taken(tmp_path):
    assert load_class(write(tmp_path / "mine.py", "class Net: pass\n")).__name__ == "Net"
    path = write(tmp_path / "mine.py", LISTS, ("class Network:", "class Helper: pass\n\n\nclass Brain:"))
    assert load_class(path).__name__ == "Brain"


def test_the_cells_of_a_notebook_are_run_but_for_magics_and_what_fails(tmp_path):
    text = 'TEXT = """\n%s of\n  % 5"""\nN = 7\\\n  % 5\n'
    cells = ["%matplotlib inline\nimport math\n", text, "!pip install nothing\n1 / 0", LISTS]
    notebook = {"cells": [{"cell_type": "code", "source": cell} for cell in cells]}
    notebook["cells"].append({"cell_type": "markdown", "source": "not Python"})
    path = tmp_path / "mine.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    loaded = load_class(str(path))
    assert loaded([2, 3]).sizes == [2, 3]
    assert vars(sys.modules[loaded.__module__])["TEXT"] == "\n%s of\n  % 5"
    assert vars(sys.modules[loaded.__module__])["N"] == 2
    assert sys.modules[loaded.__module__].__skipped__.startswith("1 of 4 cells of the notebook fail")
    (tmp_path / "no.ipynb").write_text("{")
    with pytest.raises(ValueError, match=r"no.ipynb cannot be read: "):
        load_class(str(tmp_path / "no.ipynb"))


CELL = """{"cells": [{"cell_type": "code", "source": %s}]}"""


@pytest.mark.parametrize(
    "text, reason",
    [
        (CELL % json.dumps("import nowhere\nclass Network: pass\n"), "has no class Network; 1 of 1 cells of"),
        (CELL % json.dumps("  def f(self): 5"), "has no class Network; .*; a class must stand in one"),
        ("{}", "cannot be read: it is not a notebook with a list of cells"),
        ('{"cells": 5}', "cannot be read: it is not a notebook with a list of cells"),
        ("[", "cannot be read: it is not a notebook with a list of cells"),
    ],
)
def test_a_notebook_without_a_class_says_what_failed(tmp_path, text, reason):
    with pytest.raises(ValueError, match=rf"^\S*mine.ipynb:? {reason}") as caught:
        load_class(write(tmp_path / "mine.ipynb", text))
    if "nowhere" in text:
        assert "(the first: it raises ModuleNotFoundError: No module named 'nowhere'" in str(caught.value)
