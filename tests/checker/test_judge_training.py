"""Each fault of an SGD is named, and an SGD that is only written in another way has none."""

import pytest
from learners import LISTS, changed

from purenet.checker.comparison import CALLS, Trial
from purenet.checker.judge_training import judge_sgd
from purenet.checker.verdict import Note, Verdict

CUT = "training_data[k:k + mini_batch_size]"
SHUFFLE = "random.shuffle(training_data)"
RANGE = "range(0, len(training_data), mini_batch_size)"
EPOCH = 'print("epoch", epoch)'
WITH_LMBDA = [
    ("def update_mini_batch(self, mini_batch, eta):", "def update_mini_batch(self, mini_batch, eta, lmbda):"),
    ("mini_batch_size, eta, test_data=None):", "mini_batch_size, eta, lmbda=0.0, test_data=None):"),
]

PLANTED = {
    "It trains on pairs that are not in": [
        (SHUFFLE, "xs, ys = zip(*training_data); training_data = list(zip(random.sample(xs, len(xs)), ys))"),
    ],
    "It gives update_mini_batch η (eta) and lmbda": [
        *WITH_LMBDA,
        (f"self.update_mini_batch({CUT}, eta)", f"self.update_mini_batch({CUT}, lmbda, eta)"),
    ],
    "It gives update_mini_batch 0.3 as η, where it should be 0.6.": [(f"{CUT}, eta)", f"{CUT}, eta / 2)")],
    "It leaves out the last mini-batch": [(RANGE, RANGE.replace("data),", "data) - mini_batch_size + 1,"))],
    "Of 7 examples, in mini-batches of 3": [(CUT, CUT.replace("size]", "size + 1]"))],
    "Of 6 examples, in mini-batches of 3": [
        (RANGE, "[mini_batch_size * i for i in range(len(training_data) // mini_batch_size + 1)]"),
    ],
    "It does not take each example once": [(CUT, f"random.choices(training_data, k=len({CUT}))")],
    "The examples stand in the same order": [(SHUFFLE, "pass")],
    "It shuffles within the mini-batches": [(SHUFFLE, "pass"), (CUT, f"random.sample({CUT}, len({CUT}))")],
    "It evaluates on other examples": [
        ('self.evaluate(test_data), "of"', 'self.evaluate([([0.0] * 2, 1)] * 2), "of"'),
    ],
    "It evaluates on other examples than those of test_data": [
        ('self.evaluate(test_data), "of"', 'self.evaluate(training_data), "of"'),
    ],
    "With sizes [2, 3, 2], without test_data, it raises TypeError: 'NoneType' ob": [
        (EPOCH, f"{EPOCH}; list(test_data)"),
    ],
    "It ends after the first of 4 epochs": [
        (EPOCH, f"{EPOCH}\n            if not test_data:\n                return"),
    ],
    "It changes weights or biases besides": [
        (EPOCH, f"{EPOCH}; self.biases = [[b + 1 for b in row] for row in self.biases]"),
    ],
}


STEP = "def update_mini_batch(self, mini_batch, eta):"
TURN = (STEP, "def turn(self, mini_batch, speed):\n        eta = speed")
OWN_STEP = [TURN, (f"self.update_mini_batch({CUT}", f"self.turn(tuple({CUT})")]
OF_EACH = (f"self.update_mini_batch({CUT}, eta)", f"[self.turn([each], eta) for each in {CUT}]")
FOUR_STEPS = "In mini-batches of 3 and for 2 epochs, four equal examples should give four steps η ∇C."
PLANTED.update({
    "It changes no weights and no biases.": [*OWN_STEP, ("step = eta", "step = 0 * eta")],
    f"{FOUR_STEPS} It takes a step after each example.": [OWN_STEP[0], OF_EACH],
    FOUR_STEPS: [*OWN_STEP, ("step = eta", "step = eta / 2")],
})


def verdict_on(*replacements, wrong=""):
    names = {"__name__": "written"}
    exec(changed(LISTS, *replacements), names)
    return judge_sgd(Trial(names["Network"]), {method: Verdict(method, method != wrong) for method in CALLS})


@pytest.mark.parametrize("words", PLANTED)
def test_a_fault_is_named(words):
    verdict = verdict_on(*PLANTED[words])
    assert verdict.ok is False and verdict.words.startswith(words), verdict


STOPS = f"{EPOCH}; now = self.evaluate(test_data or [])\n            if epoch and now <= best: return"
OF_ANOTHER_KIND = {
    "it takes no η by a name that is known, such as eta or learning_rate": [
        TURN, (f"self.update_mini_batch({CUT}, eta)", f"self.turn({CUT}, 3)"),
        ("mini_batch_size, eta, test_data=None):", "mini_batch_size, c=3):"),
        ("            if test_data:\n", "            if c < 0:\n"),
    ],
    "its η changes from step to step": [(EPOCH, f"{EPOCH}; eta *= 0.9")],
    "it trains on 5 of 7 examples, as if to test on the rest": [
        ("training_data = list(training_data)", "training_data = training_data[:len(training_data) * 4 // 5]"),
    ],
}


@pytest.mark.parametrize("words", OF_ANOTHER_KIND)
def test_an_sgd_of_another_kind_is_not_judged(words):
    verdict = verdict_on(*OF_ANOTHER_KIND[words])
    assert verdict.ok is None and verdict.words == f"not judged: {words}", verdict


@pytest.mark.parametrize("convention", [
    [],
    WITH_LMBDA + [(f"self.update_mini_batch({CUT}, eta)", f"self.update_mini_batch({CUT}, eta, lmbda)")],
    [(f"self.update_mini_batch({CUT}, eta)", f"self.update_mini_batch(eta=eta, mini_batch={CUT})")],
    [("for epoch in range", "print(self.evaluate(test_data or []))\n        for epoch in range")],
    [(EPOCH, f"{EPOCH}; print(test_data and self.evaluate(test_data))")],
    [("eta, test_data=None):", "eta, test_data):")],
    [(EPOCH, f"{STOPS}\n            best = now")],
    [*OWN_STEP, ("eta, test_data=None):", "eta, test_data):"), (EPOCH, f"{EPOCH}; test_data[0]")],
    [("training_data = list(training_data)",
      "vector = lambda digit, e: e.__setitem__(digit, 1.0) or e\n"
      "        training_data = [(x, vector(y, [0.0] * self.sizes[-1])) for x, y in training_data]")],
], ids=[
    "as it is", "lmbda", "by name", "a test before", "two tests", "test_data required", "early stopping",
    "test_data required, without a step", "digits",
])
def test_an_sgd_in_another_form_is_right(convention):
    assert verdict_on(*convention).ok


def test_an_sgd_is_judged_by_how_it_calls_a_step_that_fails():
    verdict = verdict_on(("step = eta", "step = nowhere"), wrong="update_mini_batch")
    assert verdict.ok and verdict.reasons == [Note.BATCHES]


def test_an_sgd_may_stop_early_where_what_it_calls_is_wrong():
    for wrong, is_right in (("backprop", None), ("update_mini_batch", None), ("evaluate", False)):
        assert verdict_on((EPOCH, f"{EPOCH}\n            if epoch: return"), wrong=wrong).ok is is_right
        assert verdict_on((EPOCH, f"{EPOCH}; return"), wrong=wrong).ok is False
        assert verdict_on(*PLANTED["It leaves out the last mini-batch"], wrong=wrong).ok is False


def test_an_sgd_without_a_step_is_judged_by_the_gradient_that_it_has():
    assert verdict_on(*OWN_STEP, ("return [a - t for", "return [(a - t) ** 3 for"), wrong="backprop").ok


def test_an_sgd_that_steps_by_itself_is_judged_by_where_it_leads():
    step = f"self.update_mini_batch({CUT}, eta)"
    inline = (
        f"batch = {CUT}\n"
        "                gradients = [self.backprop(x, y) for x, y in batch]\n"
        "                self.biases, self.weights = self.stepped(gradients, SHARE)"
    )
    helper = """    def stepped(self, gradients, share):
        for nabla_b, nabla_w in gradients:
            step = share / len(gradients)
            for l, (b, w) in enumerate(zip(nabla_b, nabla_w)):
                self.biases[l] = [p - step * q for p, q in zip(self.biases[l], b)]
                self.weights[l] = [[p - step * q for p, q in zip(*rows)] for rows in zip(self.weights[l], w)]
        return self.biases, self.weights

    def SGD("""
    for share, is_right in (("eta", True), ("eta / 2", False)):
        verdict = verdict_on((step, inline.replace("SHARE", share)), ("    def SGD(", helper))
        assert verdict.ok is is_right
