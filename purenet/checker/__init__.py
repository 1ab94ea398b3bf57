"""What is wrong with a network of somebody's own, method by method.

    from purenet import checker
    for verdict in checker.judge(MyNetwork):
        print(verdict.method, verdict.ok, verdict.words)
    print(checker.explain(net, x, y))       # the mistake in one gradient
"""

from purenet.checker.conformance import judge
from purenet.checker.diagnosis import explain

__all__ = ["explain", "judge"]
