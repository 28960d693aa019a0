"""Makes the golden vectors in ../src/goldens from the contract in Python (contract.py).

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 mpmath==1.4.1
    venv/bin/python make_goldens.py

Inputs come from seeded generators, so that every run writes the same files. A few minutes pass.
"""

import json
import pathlib
import random

import numpy as np

import contract
from contract import ZERO, f32
from recipes import TRAININGS, make_dataset

OUT = pathlib.Path(__file__).parent.parent / "src" / "goldens"
ACTIVATIONS = ["relu", "sigmoid", "tanh", "leaky-relu", "elu"]


# Values


def bits(number):
    return int(np.array(number, f32).view(np.uint32))


def from_bits(word):
    return np.array(word, np.uint32).view(f32)[()]


def hex_of(values, kind="f32"):
    if kind == "f32":
        return "".join(f"{bits(value):08x}" for value in values)
    if kind == "u8":
        return "".join(f"{value:02x}" for value in values)
    return "".join(f"{value & 0xFFFFFFFF:08x}" for value in values)


def ordinary(rng):
    return f32(rng.gauss(0, 1))


def sparse(rng):
    return rng.choice([ZERO, ZERO, ZERO, f32(-0.0), f32(1), ordinary(rng)])


def wild(rng):
    """Every magnitude that keeps sums of products finite, subnormals and both zeros too."""
    if rng.random() < 0.1:
        return rng.choice([ZERO, f32(-0.0), f32(1), f32(-1)])
    value = f32(rng.choice([-1, 1]) * (1 + rng.random()) * 2.0 ** rng.randint(-149, 40))
    return value


def tiny(rng):
    return f32(rng.choice([-1, 1]) * (1 + rng.random()) * 2.0 ** rng.randint(-149, -120))


def negative_zero(_rng):
    return f32(-0.0)


KINDS = {
    "ordinary": ordinary,
    "sparse": sparse,
    "wild": wild,
    "tiny": tiny,
    "negative zeros": negative_zero,
}


def draw(rng, kind, count):
    return [KINDS[kind](rng) for _ in range(count)]


# One op


def golden(name, op, batch_size, count, slices):
    """slices: (name, type, shape, values before, values after or None where they stay)."""
    return {
        "name": name,
        "op": op,
        "batchSize": batch_size,
        "count": count,
        "slices": [
            {
                "name": slice_name,
                "type": kind,
                "shape": shape,
                "before": hex_of(before, kind),
                "after": None if after is None else hex_of(after, kind),
            }
            for slice_name, kind, shape, before, after in slices
        ],
    }


def gemm_goldens():
    rng = random.Random("gemm")
    for kind in KINDS:
        for transpose_a in (False, True):
            for transpose_b in (False, True):
                m, n, k = rng.choice([(5, 7, 9), (3, 17, 4), (8, 8, 8), (1, 9, 11), (6, 1, 13)])
                a, b = draw(rng, kind, m * k), draw(rng, kind, k * n)
                c = contract.gemm(a, b, m, n, k, transpose_a, transpose_b)
                fields = {"m": m, "n": n, "k": k, "transposeA": transpose_a, "transposeB": transpose_b}
                yield golden(
                    f"gemm, {kind}, {m}x{n}x{k}, transposes {int(transpose_a)}{int(transpose_b)}",
                    {"op": "gemm", "a": "a", "b": "b", "c": "c", **fields},
                    1,
                    1,
                    [
                        ("a", "f32", [k, m] if transpose_a else [m, k], a, None),
                        ("b", "f32", [n, k] if transpose_b else [k, n], b, None),
                        ("c", "f32", [m, n], draw(rng, "ordinary", m * n), c),
                    ],
                )
    # Small integers: exact, so that the expected values can be checked by hand.
    a = [f32(v) for v in (1, 2, 3, 4, 5, 6)]
    b = [f32(v) for v in (7, 8, 9, 10, 11, 12)]
    yield golden(
        "gemm, small integers",
        {"op": "gemm", "a": "a", "b": "b", "c": "c", "m": 2, "n": 2, "k": 3, "transposeA": False, "transposeB": False},
        1,
        1,
        [
            ("a", "f32", [2, 3], a, None),
            ("b", "f32", [3, 2], b, None),
            ("c", "f32", [2, 2], [ZERO] * 4, [f32(v) for v in (58, 64, 139, 154)]),
        ],
    )


def bias_goldens():
    rng = random.Random("bias")
    for kind in KINDS:
        rows, width = 5, 9
        output, bias = draw(rng, kind, rows * width), draw(rng, kind, width)
        yield golden(
            f"biasAdd, {kind}",
            {"op": "biasAdd", "output": "output", "bias": "bias", "width": width},
            rows,
            rows,
            [
                ("output", "f32", [rows, width], output, contract.bias_add(output, bias, rows, width)),
                ("bias", "f32", [width], bias, None),
            ],
        )
        yield golden(
            f"biasGrad, {kind}",
            {"op": "biasGrad", "dOutput": "dOutput", "dBias": "dBias", "width": width},
            rows,
            rows,
            [
                ("dOutput", "f32", [rows, width], output, None),
                ("dBias", "f32", [width], bias, contract.bias_grad(output, rows, width)),
            ],
        )


# Inputs of activations at which something changes, whatever the function.
SPECIAL = [0x00000000, 0x80000000, 0x00000001, 0x80000001, 0x007FFFFF, 0x807FFFFF, 0x00800000, 0x80800000]
SPECIAL += [bits(sign * v) for v in (1, 0.5, 2, 9.0109, 9.0110, 16.6, 17.3, 17.4, 88.7, 88.8, 103.2, 103.9, 104.1, 1e30) for sign in (1, -1)]


def activation_inputs(rng, count):
    values = [from_bits(word) for word in SPECIAL]
    while len(values) < count:
        values.append(rng.choice([ordinary(rng), f32(rng.uniform(-20, 20)), f32(rng.uniform(-104, 89)), wild(rng)]))
    return values


def activation_goldens():
    for name in ACTIVATIONS:
        rng = random.Random(name)
        rows, width = 16, 40
        before = activation_inputs(rng, rows * width)
        after = [contract.activate(name, v) for v in before]
        yield golden(
            f"activation, {name}",
            {"op": "activation", "output": "output", "width": width, "activation": name},
            rows,
            rows,
            [("output", "f32", [rows, width], before, after)],
        )
        gradients = draw(rng, "ordinary", rows * width // 2) + draw(rng, "wild", rows * width // 2)
        results = [y if abs(y) < 1e30 else f32(1) for y in after]
        yield golden(
            f"activationGrad, {name}",
            {"op": "activationGrad", "output": "output", "dOutput": "dOutput", "width": width, "activation": name},
            rows,
            rows,
            [
                ("output", "f32", [rows, width], results, None),
                ("dOutput", "f32", [rows, width], gradients, [contract.activate_grad(name, y, d) for y, d in zip(results, gradients)]),
            ],
        )


def logit_rows(rng, rows, classes):
    """Rows near together, far apart, equal, and so far apart that p underflows."""
    kinds = [
        lambda: ordinary(rng),
        lambda: f32(rng.uniform(-90, 5)),
        lambda: f32(2.5),
        lambda: rng.choice([ZERO, f32(-0.0)]),
        lambda: f32(rng.uniform(-200, 200)),
        lambda: wild(rng),
        lambda: f32(rng.uniform(-0.5, 0.5)),
    ]
    return [[kinds[row % len(kinds)]() for _ in range(classes)] for row in range(rows)]


def in_steps(count, batch_size):
    """The rows of each step of a pass."""
    return [min(batch_size, count - start) for start in range(0, count, batch_size)]


def last_step(rows_of_all, batch_size, width, before):
    """What a slice [batchSize, width] holds after a pass: the last step's rows over those of the step before."""
    held = list(before)
    at = 0
    for rows in in_steps(len(rows_of_all), batch_size):
        for row in range(rows):
            held[row * width : (row + 1) * width] = rows_of_all[at + row]
        at += rows
    return held


def softmax_goldens():
    rng = random.Random("softmax")
    for classes, count in ((10, 14), (2, 14), (1, 3), (17, 7), (33, 7), (64, 7)):
        logits = logit_rows(rng, count, classes)
        flat = [v for row in logits for v in row]
        targets = [rng.randrange(classes) for _ in range(count)]
        results = [contract.softmax_cross_entropy(z, t, count) for z, t in zip(logits, targets)]
        yield golden(
            f"softmaxCrossEntropy, {classes} classes",
            {"op": "softmaxCrossEntropy", "logits": "logits", "targets": "targets", "losses": "losses", "dLogits": "dLogits", "classes": classes},
            count,
            count,
            [
                ("logits", "f32", [count, classes], flat, None),
                ("targets", "u32", [count], targets, None),
                ("losses", "f32", [count], [ZERO] * count, [loss for loss, _ in results]),
                ("dLogits", "f32", [count, classes], draw(rng, "ordinary", count * classes), [v for _, row in results for v in row]),
            ],
        )
        yield golden(
            f"softmax, {classes} classes",
            {"op": "softmax", "logits": "logits", "probabilities": "probabilities", "classes": classes},
            count,
            count,
            [
                ("logits", "f32", [count, classes], flat, None),
                ("probabilities", "f32", [count, classes], [ZERO] * (count * classes), [v for z in logits for v in contract.softmax(z)]),
            ],
        )
        yield golden(
            f"argmax, {classes} classes",
            {"op": "argmax", "logits": "logits", "predicted": "predicted", "classes": classes},
            count,
            count,
            [
                ("logits", "f32", [count, classes], flat, None),
                ("predicted", "u32", [count], [99] * count, [contract.argmax(z) for z in logits]),
            ],
        )


def gather_goldens():
    rng = random.Random("gather")
    samples_count, batch_size, count = 6, 4, 7
    order = [rng.randrange(samples_count) for _ in range(count)]
    for preprocess in ("none", "binarize", "scale"):
        kind = "f32" if preprocess == "none" else "u8"
        for height, width, reach in ((0, 0, 0), (3, 5, 1), (4, 2, 6)):
            is_shifted = height > 0
            if is_shifted and preprocess == "none":
                continue
            features = height * width if is_shifted else 11
            if kind == "f32":
                samples = [draw(rng, "wild", features) for _ in range(samples_count)]
            else:
                samples = [[rng.choice([0, 1, 127, 255, rng.randrange(256)]) for _ in range(features)] for _ in range(samples_count)]
            shifts = [(rng.randint(-reach, reach), rng.randint(-reach, reach)) for _ in range(count)]
            rows = []
            for position, index in enumerate(order):
                sample = samples[index]
                if is_shifted:
                    sample = contract.shift_image(sample, height, width, *shifts[position])
                rows.append([contract.prepare(preprocess, v) for v in sample])
            before = draw(rng, "ordinary", batch_size * features)
            moved = [("shifts", "i32", [count, 2], [v for pair in shifts for v in pair], None)] if is_shifted else []
            yield golden(
                f"gather, {preprocess}, {f'images {height}x{width}, shifts to {reach}' if is_shifted else 'in place'}",
                {
                    "op": "gather",
                    "samples": "samples",
                    "order": "order",
                    "shifts": "shifts" if is_shifted else None,
                    "input": "input",
                    "sampleCount": samples_count,
                    "features": features,
                    "height": height,
                    "width": width,
                    "preprocess": preprocess,
                },
                batch_size,
                count,
                [
                    ("samples", kind, [samples_count, features], [v for sample in samples for v in sample], None),
                    ("order", "u32", [count], order, None),
                    *moved,
                    ("input", "f32", [batch_size, features], before, last_step(rows, batch_size, features, before)),
                ],
            )
    every_byte = list(range(256))
    yield golden(
        "gather, scale, every byte",
        {"op": "gather", "samples": "samples", "order": "order", "shifts": None, "input": "input", "sampleCount": 1, "features": 256, "height": 0, "width": 0, "preprocess": "scale"},
        1,
        1,
        [
            ("samples", "u8", [1, 256], every_byte, None),
            ("order", "u32", [1], [0], None),
            ("input", "f32", [1, 256], [ZERO] * 256, [contract.prepare("scale", v) for v in every_byte]),
        ],
    )
    labels = [rng.randrange(10) for _ in range(samples_count)]
    targets = [[labels[index]] for index in order]
    yield golden(
        "gatherTargets",
        {"op": "gatherTargets", "labels": "labels", "order": "order", "targets": "targets", "sampleCount": samples_count},
        batch_size,
        count,
        [
            ("labels", "u32", [samples_count], labels, None),
            ("order", "u32", [count], order, None),
            ("targets", "u32", [batch_size], [7] * batch_size, last_step(targets, batch_size, 1, [7] * batch_size)),
        ],
    )


def sgd_goldens():
    rng = random.Random("sgd")
    for kind in ("ordinary", "sparse", "tiny", "negative zeros"):
        for l2 in (f32(0), f32(1e-4), f32(0.5)):
            length, steps = 19, 3
            parameter, gradient = draw(rng, kind, length), draw(rng, kind, length)
            rates = [f32(0.1), f32(0.05), f32(1.5)]
            after = parameter
            for rate in rates:
                after = [contract.sgd(p, g, rate, l2) for p, g in zip(after, gradient)]
            yield golden(
                f"sgd, {kind}, l2 {float(l2):.4g}",
                {"op": "sgd", "parameter": "parameter", "gradient": "gradient", "rates": "rates", "length": length, "l2": float(l2)},
                1,
                steps,
                [
                    ("parameter", "f32", [length], parameter, after),
                    ("gradient", "f32", [length], gradient, None),
                    ("rates", "f32", [steps], rates, None),
                ],
            )


def op_goldens():
    makers = (gemm_goldens, bias_goldens, activation_goldens, softmax_goldens, gather_goldens, sgd_goldens)
    return [*(one for maker in makers for one in maker()), loss_goldens()]


# Direct kernels


def kernel_goldens():
    """Arguments in BLAS's order: a number, a boolean, or an array as {hex}; after: each array afterwards."""
    rng = random.Random("kernels")
    scale_factors = [(f32(1), f32(0)), (f32(0.5), f32(-1.5)), (f32(0), f32(1)), (f32(-0.3), f32(0.7))]
    found = []

    def add(kernel, arguments, after, result=None):
        arrays = [hex_of(v) for v in arguments if isinstance(v, list)]
        changed = [hex_of(v) for v in after]
        found.append(
            {
                "name": f"{kernel}, golden {sum(one['kernel'] == kernel for one in found)}",
                "kernel": kernel,
                "arguments": [{"hex": hex_of(v)} if isinstance(v, list) else v if isinstance(v, (bool, int)) else float(v) for v in arguments],
                "after": [None if new == old else new for new, old in zip(changed, arrays)],
                "result": None if result is None else hex_of([result]),
            }
        )

    for kind in ("ordinary", "sparse", "tiny"):
        for alpha, beta in scale_factors:
            m, n, k = rng.choice([(3, 5, 7), (4, 9, 2), (1, 17, 5)])
            for transpose_a, transpose_b in ((False, False), (True, True)):
                rows_a, columns_a = (k, m) if transpose_a else (m, k)
                rows_b, columns_b = (n, k) if transpose_b else (k, n)
                lda, ldb, ldc = columns_a + 2, columns_b + 1, n + 3
                a, b, c = (draw(rng, kind, size) for size in (rows_a * lda, rows_b * ldb, m * ldc))
                packed_a = [a[i * lda + j] for i in range(rows_a) for j in range(columns_a)]
                packed_b = [b[i * ldb + j] for i in range(rows_b) for j in range(columns_b)]
                sums = contract.gemm(packed_a, packed_b, m, n, k, transpose_a, transpose_b)
                after = list(c)
                for i in range(m):
                    for j in range(n):
                        after[i * ldc + j] = scaled(alpha, sums[i * n + j], beta, c[i * ldc + j])
                add("sgemm", [transpose_a, transpose_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc], [a, b, after])
            for transpose in (False, True):
                lda, incx, incy = n + 1, 2, 3
                inner, outer = (m, n) if transpose else (n, m)
                a, x, y = (draw(rng, kind, size) for size in (m * lda, inner * incx, outer * incy))
                after = list(y)
                for i in range(outer):
                    element = (lambda p: a[p * lda + i]) if transpose else (lambda p: a[i * lda + p])
                    total = contract.dot_in_order((element(p), x[p * incx]) for p in range(inner))
                    after[i * incy] = scaled(alpha, total, beta, y[i * incy])
                add("sgemv", [transpose, m, n, alpha, a, lda, x, incx, beta, y, incy], [a, x, after])
            lda, incx, incy = n + 2, 3, 2
            x, y, a = (draw(rng, kind, size) for size in (m * incx, n * incy, m * lda))
            after = list(a)
            for i in range(m):
                for j in range(n):
                    after[i * lda + j] = f32(a[i * lda + j] + f32(alpha * f32(x[i * incx] * y[j * incy])))
            add("sger", [m, n, alpha, x, incx, y, incy, a, lda], [x, y, after])
            length = 19
            x, y = draw(rng, kind, length * incx), draw(rng, kind, length * incy)
            after = list(y)
            for i in range(length):
                after[i * incy] = f32(y[i * incy] + f32(alpha * x[i * incx]))
            add("saxpy", [length, alpha, x, incx, y, incy], [x, after])
            after = list(x)
            for i in range(length):
                after[i * incx] = f32(alpha * x[i * incx])
            add("sscal", [length, alpha, x, incx], [after])
            after = list(y)
            for i in range(length):
                after[i * incy] = x[i * incx]
            add("scopy", [length, x, incx, y, incy], [x, after])
            pairs = [(x[i * incx], y[i * incy]) for i in range(length)]
            add("sdot", [length, x, incx, y, incy], [x, y], contract.dot_in_order(pairs))
            squares = contract.dot_in_order((x[i * incx], x[i * incx]) for i in range(length))
            add("snrm2", [length, x, incx], [x], f32(np.sqrt(squares)))
    return found


def scaled(alpha, total, beta, old):
    product = f32(alpha * total)
    return product if beta == 0 else f32(product + f32(beta * old))


# Elementary functions

# The true values of these lie nearest to a rounding boundary (found by tools/prove/hardest.cpp).
HARDEST = {
    "exp": "c16912cd bbf0edf1 377eff81 bae0e25c 39c6be5b 38e69cc1 383a3ef1 3d1a274e 40315b33 4001b249",
    "log": "65d890d3 4c5d65a5 4d604ebe 41178feb 1f116ab8 66a8c860 3c413d3a 6f31a8ec 38dcbe38 4665a9a6",
    "tanh": "3ac37de2 3eee0566 3cd41b91 40acb4d0 40c5e8ca 3d7c3055 3c96ae2e 40a6ef82 bac37de2 beee0566",
}


def elementary_goldens():
    """Pairs of input and result of each function: the hardest, the special and many at random."""
    rng = random.Random("elementary")
    special = [from_bits(word) for word in SPECIAL]
    spread = lambda: from_bits(rng.randrange(0x30000000, 0x42D00000) | rng.choice([0, 0x80000000]))
    anything = lambda: from_bits(rng.randrange(0x00000001, 0x7F7FFFFF))
    found = []
    for name, function in (("exp", contract.exp), ("tanh", contract.tanh), ("sigmoid", contract.sigmoid)):
        hardest = [from_bits(int(word, 16)) for word in HARDEST.get(name, HARDEST["exp"]).split()]
        inputs = hardest + [-x for x in hardest] + special + [spread() for _ in range(1200)]
        found.append({"function": name, "inputs": hex_of(inputs), "results": hex_of([function(x) for x in inputs])})
    hardest = [from_bits(int(word, 16)) for word in HARDEST["log"].split()]
    near_one = lambda: f32(rng.uniform(0.5, 64))
    inputs = hardest + [f32(n) for n in range(1, 65)] + [anything() for _ in range(500)] + [near_one() for _ in range(700)]
    found.append({"function": "log", "inputs": hex_of(inputs), "results": hex_of([contract.log(x) for x in inputs])})
    return found


def loss_goldens():
    """Three logits with 0 first and greatest: the loss of class 0 is log(1 + e^b + e^c), and nothing else."""
    rng = random.Random("loss")
    rows = [[ZERO, f32(-rng.uniform(0, 1) ** 3 * 20), f32(-rng.uniform(0, 1) ** 3 * 20)] for _ in range(1200)]
    losses = [contract.softmax_cross_entropy(z, 0, 1)[0] for z in rows]
    count = len(rows)
    return golden(
        "softmaxCrossEntropy, logarithms",
        {"op": "softmaxCrossEntropy", "logits": "logits", "targets": "targets", "losses": "losses", "dLogits": "dLogits", "classes": 3},
        count,
        count,
        [
            ("logits", "f32", [count, 3], [v for z in rows for v in z], None),
            ("targets", "u32", [count], [0] * count, None),
            ("losses", "f32", [count], [ZERO] * count, losses),
            ("dLogits", "f32", [count, 3], [ZERO] * (3 * count), [v for z in rows for v in contract.softmax_cross_entropy(z, 0, count)[1]]),
        ],
    )


# Random numbers


def random_goldens():
    found = []
    for seed, purpose, index in ((0, "weights", 0), (1, "shuffle", 49), (2**53 - 1, "augment", 2), (4294967296, "split", 0)):
        stream = lambda: contract.Stream(seed, purpose, index)
        words, uniforms, bounded, normals = stream(), stream(), stream(), stream()
        order = list(range(23))
        stream().shuffle(order)
        found.append(
            {
                "seed": seed,
                "purpose": purpose,
                "index": index,
                "words": hex_of([words.next_uint32() for _ in range(9)], "u32"),
                "uniforms": hex_of([uniforms.uniform() for _ in range(9)]),
                # Three billion is refused in about 30 of 100 draws.
                "below": [[bound, [bounded.below(bound) for _ in range(8)]] for bound in (1, 2, 3, 10, 60000, 3000000000)],
                "normals": hex_of([normals.normal() for _ in range(40)]),
                "shuffled": order,
            }
        )
    return found


# Files


def write(file, name, type_name, value):
    """A TypeScript module: JSON, with one line for each element."""
    lines = ",\n".join(json.dumps(one, separators=(",", ":")) for one in value)
    source = (
        "// Made by packages/conformance/goldens/make_goldens.py; not edited by hand.\n"
        f"import type {{ {type_name} }} from '../golden-types.js';\n\n"
        f"export const {name}: readonly {type_name}[] = [\n{lines}\n];\n"
    )
    (OUT / file).write_text(source, encoding="utf-8")
    print(f"{file}: {len(value)} goldens, {len(source) // 1024} KiB")


def training_goldens():
    found = []
    for training in TRAININGS:
        result = contract.train(training["recipe"], make_dataset(training["dataset"]))
        print(training["recipe"]["name"], result["testAccuracy"], result["losses"], flush=True)
        found.append({**training, "expected": result})
    return found


if __name__ == "__main__":
    write("ops.ts", "OP_GOLDENS", "OpGolden", op_goldens())
    write("kernels.ts", "KERNEL_GOLDENS", "KernelGolden", kernel_goldens())
    write("elementary.ts", "ELEMENTARY_GOLDENS", "ElementaryGolden", elementary_goldens())
    write("random.ts", "RANDOM_GOLDENS", "RandomGolden", random_goldens())
    write("trainings.ts", "TRAINING_GOLDENS", "TrainingGolden", training_goldens())
