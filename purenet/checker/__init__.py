"""What is wrong with a network of somebody's own, method by method.

    from purenet import checker
    print(checker.judge(MyNetwork))                                 # a class: every method of it
    print(checker.judge(checker.load_class("my_network.py")))       # one from a file or a notebook
    print(checker.explain(net, x, y))                               # the gradient of one example
"""

from purenet.checker.explain import explain
from purenet.checker.judge import judge
from purenet.checker.load import load_class

__all__ = ["explain", "judge", "load_class"]
