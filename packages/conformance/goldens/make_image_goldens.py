"""Makes ../src/goldens/image-ops.ts: convolutions, pooling and norms by docs/contract.md, in NumPy's binary32 and binary64.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6
    venv/bin/python make_image_goldens.py

Written from the equations alone, element by element: it shares nothing with any backend.
"""

import json
import pathlib

import numpy as np

OUT = pathlib.Path(__file__).parent.parent / "src" / "goldens" / "image-ops.ts"
f32, f64 = np.float32, np.float64
ROWS = 3


def hex_of(values):
    words = values.reshape(-1).view(np.uint64 if values.dtype == f64 else np.uint32)
    return "".join(f"{word:0{16 if values.dtype == f64 else 8}x}" for word in words.tolist())


def draw(rng, *shape):
    """Ordinary numbers, of which some are zeros of either sign."""
    values = rng.standard_normal(shape).astype(f32)
    values[rng.random(shape) < 0.15] = f32(0)
    values[rng.random(shape) < 0.05] = f32(-0.0)
    return values


def window_of(height, width, channels, kernel, stride, padding):
    def along(size, k, s):
        if padding == "valid":
            return (size - k) // s + 1, 0
        places = -(-size // s)
        return places, max((places - 1) * s + k - size, 0) // 2

    out_height, top = along(height, kernel[0], stride[0])
    out_width, left = along(width, kernel[1], stride[1])
    return {
        "height": height, "width": width, "channels": channels,
        "kernelHeight": kernel[0], "kernelWidth": kernel[1],
        "strideVertical": stride[0], "strideHorizontal": stride[1],
        "paddingTop": top, "paddingLeft": left, "outHeight": out_height, "outWidth": out_width,
    }


def places(w):
    """(y, x, i, j, v, u) of all places inside the image, windows and places row by row."""
    for y in range(w["outHeight"]):
        for x in range(w["outWidth"]):
            for i in range(w["kernelHeight"]):
                for j in range(w["kernelWidth"]):
                    v = y * w["strideVertical"] - w["paddingTop"] + i
                    u = x * w["strideHorizontal"] - w["paddingLeft"] + j
                    if 0 <= v < w["height"] and 0 <= u < w["width"]:
                        yield y, x, i, j, v, u


def conv2d(w, x, weight, bias):
    z = np.zeros((ROWS, w["outHeight"], w["outWidth"], weight.shape[3]), f32)
    for r in range(ROWS):
        for y, column, i, j, v, u in places(w):
            for c in range(w["channels"]):
                z[r, y, column] = z[r, y, column] + x[r, v, u, c] * weight[i, j, c]
    return z if bias is None else z + bias


def conv2d_input_grad(w, dz, weight):
    result = np.zeros((ROWS, w["height"], w["width"], w["channels"]), f32)
    for r in range(ROWS):
        # i, then j, then o ascending for each place of the input.
        for _, _, y, x, i, j, v, u in sorted((i, j, y, x, i, j, v, u) for y, x, i, j, v, u in places(w)):
            for o in range(weight.shape[3]):
                result[r, v, u] = result[r, v, u] + dz[r, y, x, o] * weight[i, j, :, o]
    return result


def shard_rows(shard, shards):
    return range(shard * ROWS // shards, (shard + 1) * ROWS // shards)


def conv2d_weight_grad(w, x, dz, shards):
    filters = dz.shape[3]
    dw = np.zeros((shards, w["kernelHeight"], w["kernelWidth"], w["channels"], filters), f32)
    db = np.zeros((shards, filters), f32)
    for shard in range(shards):
        for r in shard_rows(shard, shards):
            for y, column, i, j, v, u in places(w):
                for c in range(w["channels"]):
                    dw[shard, i, j, c] = dw[shard, i, j, c] + x[r, v, u, c] * dz[r, y, column]
            for y in range(w["outHeight"]):
                for column in range(w["outWidth"]):
                    db[shard] = db[shard] + dz[r, y, column]
    return dw, db


def max_pool(w, x, dz=None):
    z = np.zeros((ROWS, w["outHeight"], w["outWidth"], w["channels"]), f32)
    dx = np.zeros_like(x)
    for r in range(ROWS):
        for c in range(w["channels"]):
            best = {}
            for y, column, _, _, v, u in places(w):
                if (y, column) not in best or x[r, v, u, c] > x[(r, *best[y, column], c)]:
                    best[y, column] = (v, u)
            for (y, column), at in best.items():
                z[r, y, column, c] = x[(r, *at, c)]
                if dz is not None:
                    dx[(r, *at, c)] = dx[(r, *at, c)] + dz[r, y, column, c]
    return z if dz is None else dx


def average_pool(w, x, dz=None):
    z = np.zeros((ROWS, w["outHeight"], w["outWidth"], w["channels"]), f32)
    dx = np.zeros((ROWS, w["height"], w["width"], w["channels"]), f32)
    counts = np.zeros((w["outHeight"], w["outWidth"], 1), f32)
    for y, column, *_ in places(w):
        counts[y, column] += 1
    for r in range(ROWS):
        for y, column, _, _, v, u in places(w):
            if dz is None:
                z[r, y, column] = z[r, y, column] + x[r, v, u]
            else:
                dx[r, v, u] = dx[r, v, u] + dz[r, y, column] / counts[y, column]
    return z / counts if dz is None else dx


def sum64(rows, term):
    """Each row's pixels in order, then the rows' sums in order, in binary64."""
    total = f64(0)
    for r in rows:
        own = f64(0)
        for value in term(r):
            own = own + f64(value)
        total = total + own
    return total


def norm(x, scale, shift, epsilon, shards):
    y = np.zeros_like(x)
    mean, variance = np.zeros((shards, x.shape[2]), f32), np.zeros((shards, x.shape[2]), f64)
    for shard in range(shards):
        rows = shard_rows(shard, shards)
        count = len(rows) * x.shape[1]
        for c in range(x.shape[2]) if count else ():
            mean[shard, c] = f32(sum64(rows, lambda r: x[r, :, c]) / count)
            squares = lambda r: (x[r, :, c].astype(f64) - f64(mean[shard, c])) ** 2
            variance[shard, c] = sum64(rows, squares) / count
            q = f32(1 / np.sqrt(variance[shard, c] + epsilon))
            for r in rows:
                y[r, :, c] = ((x[r, :, c] - mean[shard, c]) * q) * scale[c] + shift[c]
    return y, mean, variance


def norm_grad(x, dy, scale, mean, variance, epsilon, shards):
    dx = np.zeros_like(x)
    d_scale, d_shift = np.zeros((shards, x.shape[2]), f32), np.zeros((shards, x.shape[2]), f32)
    for shard in range(shards):
        rows = shard_rows(shard, shards)
        count = len(rows) * x.shape[1]
        for c in range(x.shape[2]) if count else ():
            q = f32(1 / np.sqrt(variance[shard, c] + epsilon))
            normal = {r: (x[r, :, c] - mean[shard, c]) * q for r in rows}
            d = sum64(rows, lambda r: dy[r, :, c])
            e = sum64(rows, lambda r: dy[r, :, c].astype(f64) * normal[r].astype(f64))
            d_shift[shard, c], d_scale[shard, c] = f32(d), f32(e)
            for r in rows:
                inner = (dy[r, :, c] - f32(d / count)) - normal[r] * f32(e / count)
                dx[r, :, c] = (scale[c] * q) * inner
    return dx, d_scale, d_shift


def golden(name, op, slices):
    listed = []
    for slice_name, (before, after) in slices.items():
        kind = "f64" if before.dtype == f64 else "f32"
        listed.append({
            "name": slice_name, "type": kind, "shape": list(before.shape),
            "before": hex_of(before), "after": None if after is None else hex_of(after),
        })
    return {"name": name, "op": op, "batchSize": ROWS, "count": ROWS, "slices": listed}


def window_goldens():
    rng = np.random.default_rng(7)
    for size, channels, filters, kernel, stride, padding in [
        ((5, 4), 2, 3, (3, 3), (1, 1), "same"),
        ((6, 5), 3, 9, (3, 2), (2, 1), "same"),
        ((5, 6), 1, 17, (5, 3), (2, 3), "same"),
        ((4, 4), 17, 2, (2, 2), (1, 1), "valid"),
        ((7, 3), 2, 5, (3, 1), (3, 2), "valid"),
        ((1, 1), 3, 4, (3, 3), (1, 1), "same"),
    ]:
        w = window_of(*size, channels, kernel, stride, padding)
        name = f"{size[0]}x{size[1]}x{channels}, kernel {kernel}, stride {stride}, {padding}"
        x = draw(rng, ROWS, *size, channels)
        weight, bias = draw(rng, *kernel, channels, filters), draw(rng, filters)
        dz = draw(rng, ROWS, w["outHeight"], w["outWidth"], filters)
        blank = np.zeros_like
        read = lambda values: (values, None)
        op = {"op": "conv2d", "input": "input", "weight": "weight", "bias": "bias", "output": "output", **w, "filters": filters}
        z = conv2d(w, x, weight, bias)
        yield golden(f"conv2d, {name}", op, {"input": read(x), "weight": read(weight), "bias": read(bias), "output": (blank(z), z)})
        op = {"op": "conv2dInputGrad", "dOutput": "dOutput", "weight": "weight", "dInput": "dInput", **w, "filters": filters}
        dx = conv2d_input_grad(w, dz, weight)
        yield golden(f"conv2dInputGrad, {name}", op, {"dOutput": read(dz), "weight": read(weight), "dInput": (blank(dx), dx)})
        for shards in (1, 2):
            op = {"op": "conv2dWeightGrad", "input": "input", "dOutput": "dOutput", "dWeight": "dWeight", "dBias": "dBias", **w, "filters": filters, "shards": shards}
            dw, db = conv2d_weight_grad(w, x, dz, shards)
            yield golden(f"conv2dWeightGrad, {shards} shards, {name}", op, {"input": read(x), "dOutput": read(dz), "dWeight": (blank(dw), dw), "dBias": (blank(db), db)})
        pooled = draw(rng, ROWS, w["outHeight"], w["outWidth"], channels)
        for kind, pool in (("max", max_pool), ("average", average_pool)):
            z, dx = pool(w, x), pool(w, x, pooled)
            yield golden(f"{kind}Pool2d, {name}", {"op": f"{kind}Pool2d", "input": "input", "output": "output", **w}, {"input": read(x), "output": (blank(z), z)})
            inputs = {"input": read(x)} if kind == "max" else {}
            fields = {"input": "input"} if kind == "max" else {}
            op = {"op": f"{kind}Pool2dGrad", **fields, "dOutput": "dOutput", "dInput": "dInput", **w}
            yield golden(f"{kind}Pool2dGrad, {name}", op, {**inputs, "dOutput": read(pooled), "dInput": (blank(dx), dx)})


def norm_goldens():
    rng = np.random.default_rng(8)
    for pixels, channels, shards in [(4, 3, 1), (1, 5, 1), (6, 17, 2), (9, 2, 5)]:
        x, dy = draw(rng, ROWS, pixels, channels), draw(rng, ROWS, pixels, channels)
        scale, shift = draw(rng, channels), draw(rng, channels)
        epsilon = 1e-5
        y, mean, variance = norm(x, scale, shift, epsilon, shards)
        blank, read = np.zeros_like, lambda values: (values, None)
        sizes = {"pixels": pixels, "channels": channels}
        name = f"{pixels} pixels, {channels} channels, {shards} shards"
        op = {"op": "batchNorm", "input": "input", "output": "output", "scale": "scale", "shift": "shift", "mean": "mean", "variance": "variance", **sizes, "epsilon": epsilon, "shards": shards}
        yield golden(f"batchNorm, {name}", op, {"input": read(x), "output": (blank(y), y), "scale": read(scale), "shift": read(shift), "mean": (blank(mean), mean), "variance": (blank(variance), variance)})
        dx, d_scale, d_shift = norm_grad(x, dy, scale, mean, variance, epsilon, shards)
        op = {"op": "batchNormGrad", "input": "input", "dOutput": "dOutput", "scale": "scale", "mean": "mean", "variance": "variance", "dInput": "dInput", "dScale": "dScale", "dShift": "dShift", **sizes, "epsilon": epsilon, "shards": shards}
        yield golden(f"batchNormGrad, {name}", op, {"input": read(x), "dOutput": read(dy), "scale": read(scale), "mean": read(mean), "variance": read(variance), "dInput": (blank(dx), dx), "dScale": (blank(d_scale), d_scale), "dShift": (blank(d_shift), d_shift)})
        running_mean, running_variance = draw(rng, channels), np.abs(draw(rng, channels)) + f32(0.25)
        used = ((x - running_mean) * (1 / np.sqrt(running_variance.astype(f64) + epsilon)).astype(f32)) * scale + shift
        op = {"op": "batchNormUse", "input": "input", "output": "output", "scale": "scale", "shift": "shift", "mean": "mean", "variance": "variance", **sizes, "epsilon": epsilon}
        yield golden(f"batchNormUse, {name}", op, {"input": read(x), "output": (blank(used), used), "scale": read(scale), "shift": read(shift), "mean": read(running_mean), "variance": read(running_variance)})
        momentum, complement = f32(0.9), f32(1 - 0.9)
        filled = [(s, len(shard_rows(s, shards)) * pixels) for s in range(shards) if len(shard_rows(s, shards))]
        means, variances = f64(0), f64(0)
        for s, count in filled:
            means = means + mean[s].astype(f64)
            variances = variances + (variance[s] if count == 1 else variance[s] * count / (count - 1))
        step = lambda running, value: running * momentum + (value / len(filled)).astype(f32) * complement
        op = {"op": "runningStatistics", "mean": "mean", "variance": "variance", "runningMean": "runningMean", "runningVariance": "runningVariance", **sizes, "momentum": float(momentum), "complement": float(complement), "shards": shards}
        yield golden(f"runningStatistics, {name}", op, {"mean": read(mean), "variance": read(variance), "runningMean": (running_mean, step(running_mean, means)), "runningVariance": (running_variance, step(running_variance, variances))})


goldens = [*window_goldens(), *norm_goldens()]
lines = ",\n".join(json.dumps(one, separators=(",", ":")) for one in goldens)
OUT.write_text(
    "// Made by packages/conformance/goldens/make_image_goldens.py; not edited by hand.\n"
    "import type { OpGolden } from '../golden-types.js';\n\n"
    f"export const IMAGE_OP_GOLDENS: readonly OpGolden[] = [\n{lines},\n];\n"
)
