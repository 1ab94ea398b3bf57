"""What is wrong with a network of somebody's own, method by method.

    from purenet import checker
    for verdict in checker.judge(MyNetwork):
        print(verdict.method, verdict.ok, verdict.words)
"""

from purenet.checker.conformance import judge

__all__ = ["judge"]
