"""Makes ../src/goldens/learning-ops.ts: optimisers with memory, dropout, losses of each output, affine maps and shards.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 mpmath==1.4.1
    venv/bin/python make_learning_goldens.py

By the contract in Python (contract.py), and written from the words of ops.ts where that has whole trainings only.
"""

import json
import math
import pathlib

import numpy as np

import contract
from contract import f32

OUT = pathlib.Path(__file__).parent.parent / "src" / "goldens" / "learning-ops.ts"
TYPES = {"float32": "f32", "uint32": "u32", "int32": "i32", "uint8": "u8"}
rng = np.random.default_rng(9)


def hex_of(values):
    if values.dtype == np.uint8:
        return values.tobytes().hex()
    return "".join(f"{word:08x}" for word in values.reshape(-1).view(np.uint32).tolist())


def draw(*shape):
    """Ordinary numbers, of which some are zeros of either sign."""
    values = rng.standard_normal(shape).astype(f32)
    values[rng.random(shape) < 0.15] = f32(0)
    values[rng.random(shape) < 0.05] = f32(-0.0)
    return values


def golden(name, op, slices, batch_size=3, count=3):
    """slices: by name, values before and after, the same where they stay; None after where that is undefined."""
    listed = []
    for slice_name, (before, after) in slices.items():
        listed.append({
            "name": slice_name, "type": TYPES[before.dtype.name], "shape": list(before.shape),
            "before": hex_of(before), "after": None if after is before else "" if after is None else hex_of(after),
        })
    return {"name": name, "op": op, "batchSize": batch_size, "count": count, "slices": listed}


def stay(values):
    return values, values


def update_goldens():
    length, steps = 7, 3
    rates = np.array([0.05, 0.1, 1.5], f32)
    update = {"parameter": "parameter", "gradient": "gradient", "length": length}
    for l2 in (0, f32(0.01)):
        for nesterov in (False, True):
            w, g, v, mu = draw(length), draw(length), draw(length), f32(0.9)
            after, moving = w, v
            for rate in rates:
                slope = g if l2 == 0 else g + l2 * after
                moving = mu * moving + slope
                after = after - rate * (slope + mu * moving if nesterov else moving)
            op = {"op": "momentum", **update, "velocity": "velocity", "rates": "rates", "l2": float(l2), "momentum": float(mu), "nesterov": nesterov}
            slices = {"parameter": (w, after), "gradient": stay(g), "velocity": (v, moving), "rates": stay(rates)}
            yield golden(f"momentum, nesterov {nesterov}, l2 {float(l2):.4g}", op, slices, 1, steps)
        for decayed in (False, True):
            w, g, first, second = draw(length), draw(length), draw(length), np.abs(draw(length))
            scalars = np.array([[0.01, 0.03, 0.999], [0.1, 0.04, 1], [0.5, 1, 0.9]], f32)
            beta1, beta2, rest1, rest2, epsilon = f32(0.9), f32(0.999), f32(1 - 0.9), f32(1 - 0.999), f32(1e-8)
            after, m, v = w, first, second
            for a, c, d in scalars:
                slope = g if l2 == 0 else g + l2 * after
                after = after * d if decayed else after
                m = beta1 * m + rest1 * slope
                v = beta2 * v + rest2 * (slope * slope)
                after = after - a * (m / (np.sqrt(v) / c + epsilon))
            op = {"op": "adam", **update, "firstMoment": "firstMoment", "secondMoment": "secondMoment", "scalars": "scalars", "l2": float(l2),
                  "beta1": float(beta1), "beta2": float(beta2), "complement1": float(rest1), "complement2": float(rest2), "epsilon": float(epsilon), "decayed": decayed}
            slices = {"parameter": (w, after), "gradient": stay(g), "firstMoment": (first, m), "secondMoment": (second, v), "scalars": stay(scalars)}
            yield golden(f"adam, decayed {decayed}, l2 {float(l2):.4g}", op, slices, 1, steps)


def dropout_goldens():
    """Of two steps the second has but two rows, so that the third is of the first step."""
    for rate, width, layer in [(0.25, 5, 2), (0.5, 4, 0), (0, 3, 1)]:
        x = draw(3, width)
        place = np.array([0xDEADBEEF, 0x1FFFFF, 40], np.uint32)
        seed = 0x1FFFFF << 32 | 0xDEADBEEF
        first, second = (contract.dropout(rate, seed, layer, step, x) for step in (40, 41))
        after = np.concatenate([second[:2], first[2:]])
        op = {"op": "dropout", "input": "input", "output": "output", "place": "place", "width": width, "layer": layer,
              "threshold": math.floor(rate * 2**32), "scale": float(f32(1 / (1 - rate)))}
        yield golden(f"dropout of {rate}", op, {"input": stay(x), "output": (draw(3, width), after), "place": stay(place)}, 3, 5)


def loss_goldens():
    """Of two steps the second has but two rows."""
    for name, loss in (("squaredError", contract.squared_error), ("binaryCrossEntropy", contract.binary_cross_entropy)):
        for outputs in (1, 4):
            z, t = draw(3, outputs) * f32(3), draw(3, outputs)
            if name == "binaryCrossEntropy":
                t = np.array(rng.random((3, outputs)) < 0.5, f32)
            steps = [[loss(z[r], t[r], rows) for r in range(rows)] for rows in (3, 2)]
            losses = np.array([one for step in steps for one, _ in step] + [f32(7)], f32)
            gradient = np.array([steps[1][0][1], steps[1][1][1], steps[0][2][1]], f32)
            op = {"op": name, "logits": "logits", "targets": "targets", "losses": "losses", "dLogits": "dLogits", "outputs": outputs}
            slices = {"logits": stay(z), "targets": stay(t), "losses": (np.full(6, 7, f32), losses), "dLogits": (draw(3, outputs), gradient)}
            yield golden(f"{name}, {outputs} outputs", op, slices, 3, 5)
    d, targets, weights = draw(3, 4), np.array([2, 0, 3], np.uint32), np.array([0.5, 7, 1.1, 0.3], f32)
    slices = {"dLogits": (d, d * weights[targets][:, None]), "targets": stay(targets), "weights": stay(weights)}
    yield golden("classWeights", {"op": "classWeights", "dLogits": "dLogits", "targets": "targets", "weights": "weights", "classes": 4}, slices)
    z, kept = draw(2, 3), draw(4, 3)
    after = np.concatenate([z, z[:1], kept[3:]])
    yield golden("emit", {"op": "emit", "logits": "logits", "outputs": "outputs", "width": 3}, {"logits": stay(z), "outputs": (kept, after)}, 2, 3)


def affine_goldens():
    """Five images in steps of two: the last step has but one."""
    for height, width, channels, preprocess in [(4, 3, 1, "scale"), (3, 5, 2, "scale"), (4, 4, 1, "binarize")]:
        samples = rng.integers(0, 256, (3, height, width, channels)).astype(np.uint8)
        samples[rng.random(samples.shape) < 0.3] = 0
        order = np.array([2, 0, 1, 1, 0], np.uint32)
        one, stream = 1 << 16, contract.Stream(5, "augment", height)
        maps = np.array([
            [one, 0, 0, 0, one, 0],
            [one, 0, -one - 3 * 256, 0, one, one // 2],
            [-one, 0, (width - 1) * one, 0, 2 * one, 700],
            contract.affine_map(stream, height, width),
            contract.affine_map(stream, height, width),
        ], np.int32)
        moved = []
        for sample, m in zip(order, maps.tolist()):
            planes = [contract.affine_image(samples[sample, :, :, c].ravel(), height, width, m) for c in range(channels)]
            moved.append([contract.prepare(preprocess, byte) for pixel in zip(*planes) for byte in pixel])
        features = height * width * channels
        after = np.array([moved[4], moved[3]], f32)
        op = {"op": "gatherAffine", "samples": "samples", "order": "order", "maps": "maps", "input": "input", "sampleCount": 3,
              "features": features, "height": height, "width": width, "preprocess": preprocess}
        slices = {"samples": stay(samples.reshape(3, features)), "order": stay(order), "maps": stay(maps), "input": (draw(2, features), after)}
        yield golden(f"gatherAffine, {height}x{width}x{channels}, {preprocess}", op, slices, 2, 5)


def shard_goldens():
    rows, m, n = 5, 3, 4
    for shards in (1, 2, 3, 8):
        a, b = draw(rows, m), draw(rows, n)
        product = contract.in_shards(shards, rows, lambda i, j: contract.product_in_order(a[i:j].T, b[i:j]))
        op = {"op": "shardedGemm", "a": "a", "b": "b", "c": "c", "partial": "partial", "m": m, "n": n, "shards": shards}
        slices = {"a": stay(a), "b": stay(b), "c": (draw(m, n), product), "partial": (draw(m, n), None)}
        yield golden(f"shardedGemm, {shards} shards", op, slices, rows, rows)
        total = contract.in_shards(shards, rows, lambda i, j: contract.sum_of_rows(b[i:j], n))
        op = {"op": "shardedBiasGrad", "dOutput": "dOutput", "dBias": "dBias", "partial": "partial", "width": n, "shards": shards}
        slices = {"dOutput": stay(b), "dBias": (draw(n), total), "partial": (draw(n), None)}
        yield golden(f"shardedBiasGrad, {shards} shards", op, slices, rows, rows)
        sums = draw(shards, 6)
        folded = sums[0]
        for row in sums[1:]:
            folded = folded + row
        op = {"op": "foldShards", "sums": "sums", "gradient": "gradient", "length": 6, "shards": shards}
        yield golden(f"foldShards, {shards} shards", op, {"sums": stay(sums), "gradient": (draw(6), folded)}, 1, 1)


goldens = [one for make in (update_goldens, dropout_goldens, loss_goldens, affine_goldens, shard_goldens) for one in make()]
lines = ",\n".join(json.dumps(one, separators=(",", ":")) for one in goldens)
OUT.write_text(
    "// Made by packages/conformance/goldens/make_learning_goldens.py; not edited by hand.\n"
    "import type { OpGolden } from '../golden-types.js';\n\n"
    f"export const LEARNING_OP_GOLDENS: readonly OpGolden[] = [\n{lines},\n];\n"
)
