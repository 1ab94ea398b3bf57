import pytest


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder for all tests of a module, which Hypothesis does not mind."""
    return tmp_path_factory.mktemp("mnist")
