"""How hard the properties are tried, and on whose network.

A property is tried on 20 examples, and one of the gradient on a hundred networks. With
`--hypothesis-profile=thorough` it is 4,000 and 20,000. `--network my_network.py`, or `my_network.py:MyNetwork`,
aims test_gradients.py at a network of your own.
"""

import gc
import signal
import sys
import tempfile

import command
import pytest
import under_test
from hypothesis import Phase, settings

from purenet.checker.activations_and_cost import declared
from purenet.checker.guarded_call import alarm
from purenet.checker.load import load_class
from purenet.network import Network

# Without a deadline: how long an example takes depends on the machine, not on the code.
settings.register_profile("default", max_examples=20, deadline=None, print_blob=True)
settings.register_profile("thorough", parent=settings.get_profile("default"), max_examples=4_000)
settings.load_profile("default")

# With --network: the tests of a gradient, and those of them that were not skipped.
gradient_tests, gradients_tried = set(), []


def pytest_addoption(parser):
    parser.addoption("--network", metavar="FILE[:CLASS]", help="aim test_gradients.py at this network")


def pytest_configure(config):
    config.addinivalue_line("markers", "needs(method, ...): skipped for a network that has no such methods")
    name = config.getoption("--network")
    try:
        under_test.network_class = load_class(name) if name else Network
        under_test.usual_way(under_test.network_class)
    except ValueError as error:
        raise pytest.UsageError(f"--network: {error}") from None
    if name:
        # The first property that fails says most. How Hypothesis would repeat it is of use to us alone.
        config.option.maxfail = config.option.maxfail or 1
        # To explain an example takes longer than to find it, and tells little here.
        phases = [phase for phase in Phase if phase is not Phase.explain]
        settings.register_profile("network", settings.get_profile("default"), print_blob=False, phases=phases)
        settings.load_profile("network")


def pytest_sessionstart():
    # A shell in the background, or nohup, keeps signals from the tests, which send them to scripts.
    for number in command.STOPPING:
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


def pytest_collection_modifyitems(items):
    # The properties of the gradient are what the project exists for, and they are cheap.
    for item in items:
        if item.path.stem.startswith("test_gradients"):
            settings(max_examples=5 * settings().max_examples)(item.obj)


def pytest_collection_finish():
    # All that is loaded by now stays, and to look through it for garbage again and again takes seconds.
    getattr(gc, "freeze", gc.collect)()  # PyPy has no freeze.


def pytest_report_header(config):
    if config.getoption("--network"):
        return [
            f"network under test: {config.getoption('--network')}",
            "Each property is tried on many networks, which may take a minute or two.",
        ]


def pytest_runtest_setup(item):
    if item.config.getoption("--network") and hasattr(item.obj, "hypothesis"):
        # A method that hangs would hang the tests. The time is that of one example.
        item.obj.hypothesis.inner_test = alarm()(item.obj.hypothesis.inner_test)
    network_class = under_test.network_class
    way = under_test.usual_way(network_class)
    own_cost = network_class is not Network and "quadratic" not in (declared(way) or {"quadratic": 1})
    for marker in item.iter_markers("needs"):
        if own_cost and {"backprop", "cost_derivative"} & set(marker.args):
            pytest.skip("these are properties of ½‖y − a‖²; scripts/check_network.py judges by another cost")
        if "backprop" in marker.args:
            gradient_tests.add(item.nodeid)
        for method in marker.args:
            if way.names[method] is None:
                pytest.skip(f"{network_class.__name__} has no {method}")


def pytest_runtest_logreport(report):
    if report.when == "call" and not report.skipped and report.nodeid in gradient_tests:
        gradients_tried.append(report.nodeid)


def pytest_sessionfinish(session, exitstatus):
    if session.config.getoption("--network") and exitstatus == 0 and not gradients_tried:
        session.exitstatus = 1


def pytest_terminal_summary(terminalreporter, exitstatus, config):
    if config.getoption("--network") and not gradients_tried:
        terminalreporter.write_line("No gradient was tried: see why with -rs, or ask scripts/check_network.py.")


@pytest.fixture
def modules_and_path(monkeypatch):
    """What a file leaves in them is gone after the test."""
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if (getattr(sys.modules[name], "__file__", None) or "").startswith(tempfile.gettempdir()):
            del sys.modules[name]
