"""How far a right gradient may be off: bounds on rounding and on a central difference, number by number.

Rounding: with u = 2⁻⁵³, a float operation is off by at most u of its result, and a sum of m products by at most
(m + 2) u of the sum of their absolute values, in whatever order it is added. What comes in with an error goes
out with that error times the slope: |w| for a product, the largest σ′ nearby for σ. Such bounds are carried
forward through the network and back, as the numbers are.

Truncation: by Taylor's theorem a central difference with the step ε is off by at most ε²/6 times the largest
|C‴| between p − ε and p + ε. The first three derivatives of every z and a along one parameter are bounded in
turn: for a = σ(z), with s the largest σ′(z) nearby, |a′| ≤ s |z′|, |a″| ≤ s (z′² + |z″|) and
|a‴| ≤ s (|z′|³ + 3 |z′ z″| + |z‴|), because |σ″| ≤ σ′ and |σ‴| ≤ σ′.
"""

from typing import NamedTuple

from purenet.network import sigmoid, sigmoid_prime

U = 2.0**-53


class Pass(NamedTuple):
    """A pass forward: every activation and z, and ∂C/∂a at the output."""

    activations: list
    zs: list
    nabla_a: list


def forward(biases, weights, x, y):
    activations, zs = [x], []
    for b, w in zip(biases, weights):
        zs.append([sum(w_jk * a_k for w_jk, a_k in zip(row, activations[-1])) + b_j for row, b_j in zip(w, b)])
        activations.append([sigmoid(z_j) for z_j in zs[-1]])
    return Pass(activations, zs, [a_j - y_j for a_j, y_j in zip(activations[-1], y)])


def steepest(z, distance):
    """The largest σ′ within that distance of z."""
    return sigmoid_prime(max(0.0, abs(z) - distance))


def rounding(case, naive=False):
    """(errors of the output, errors of backprop) that rounding may cause, the latter as (nabla_b, nabla_w).

    `naive` is for a network that computes σ′ as σ (1 − σ), which is off by a few u wherever it is tiny.
    """
    p = forward(case.biases, case.weights, case.x, case.y)
    # e_... is the bound on the error of the number of that name; e_a has one list a layer.
    e_a, e_primes, primes = [[0.0] * len(case.x)], [], []
    for b, w, a, z, output in zip(case.biases, case.weights, p.activations, p.zs, p.activations[1:]):
        e_z = []
        for b_j, row in zip(b, w):
            terms = sum(abs(v * a_k) for v, a_k in zip(row, a)) + abs(b_j)
            e_z.append(sum(abs(v) * e for v, e in zip(row, e_a[-1])) + (len(a) + 3) * U * terms)
        primes.append([sigmoid_prime(z_j) for z_j in z])
        slopes = [steepest(z_j, e) for z_j, e in zip(z, e_z)]
        e_a.append([s * e + 4 * U * a_j for s, e, a_j in zip(slopes, e_z, output)])
        # |σ″| ≤ σ′, so the slope of σ′ is no steeper than that of σ.
        e_primes.append([s * e + 8 * U * s + 8 * U * naive for s, e in zip(slopes, e_z)])
    d = p.nabla_a
    e_d = [e + U * (abs(a) + abs(y)) for e, a, y in zip(e_a[-1], p.activations[-1], case.y)]
    nabla_b, nabla_w = [], []
    for l in reversed(range(len(case.weights))):
        s, e_s = primes[l], e_primes[l]
        delta = [x * y for x, y in zip(d, s)]
        e_delta = [e * y + (abs(x) + e) * e_y + 3 * U * abs(x * y) for x, e, y, e_y in zip(d, e_d, s, e_s)]
        nabla_b.insert(0, e_delta)
        nabla_w.insert(
            0,
            [
                [e * abs(a) + (abs(x) + e) * e_k + U * abs(x * a) for a, e_k in zip(p.activations[l], e_a[l])]
                for x, e in zip(delta, e_delta)
            ],
        )
        columns = list(zip(*case.weights[l]))
        d = [sum(w * x for w, x in zip(column, delta)) for column in columns]
        e_d = [
            sum(abs(w) * (e + (len(delta) + 3) * U * abs(x)) for w, x, e in zip(column, delta, e_delta))
            for column in columns
        ]
    return e_a[-1], (nabla_b, nabla_w)


def central_difference(case, epsilon):
    """(nabla_b, nabla_w) of bounds on the error of the central difference of C = ½‖y − a‖²."""
    p = forward(case.biases, case.weights, case.x, case.y)
    e_output, _ = rounding(case, naive=True)
    # The cost is off by this at p, and by little more at p ± ε: twice covers it. Each of two costs counts,
    # and their difference is divided by 2 ε.
    e_cost = sum((abs(d) + e) * e for d, e in zip(p.nabla_a, e_output))
    e_cost += (len(case.y) + 3) * U * sum(d * d for d in p.nabla_a)
    noise = 2 * e_cost / epsilon
    nabla_b = [
        [noise + _truncation(case, p, l, j, 1.0, epsilon) for j in range(len(b))]
        for l, b in enumerate(case.biases)
    ]
    nabla_w = [
        [[noise + _truncation(case, p, l, j, a, epsilon) for a in p.activations[l]] for j in range(len(w))]
        for l, w in enumerate(case.weights)
    ]
    return nabla_b, nabla_w


def _truncation(case, p, l, j, slope, epsilon):
    """ε²/6 times a bound on |C‴| along a parameter of neuron j in a layer, whose z grows by `slope` times it."""
    zeros = [0.0] * len(case.biases[l])
    z1, z2, z3 = list(zeros), list(zeros), list(zeros)
    z1[j] = abs(slope)
    reach = [epsilon * v for v in z1]  # How far each z moves at most.
    for k in range(l, len(case.weights)):
        s = [steepest(z, r) for z, r in zip(p.zs[k], reach)]
        a1 = [s * v for s, v in zip(s, z1)]
        a2 = [s * (v * v + w) for s, v, w in zip(s, z1, z2)]
        a3 = [s * (v**3 + 3 * v * w + x) for s, v, w, x in zip(s, z1, z2, z3)]
        reach = [s * r for s, r in zip(s, reach)]
        if k + 1 < len(case.weights):
            z1, z2, z3, reach = (
                [sum(abs(w) * v for w, v in zip(row, values)) for row in case.weights[k + 1]]
                for values in (a1, a2, a3, reach)
            )
    third = sum(3 * v * w + (abs(d) + r) * x for v, w, x, d, r in zip(a1, a2, a3, p.nabla_a, reach))
    return epsilon**2 / 6 * third
