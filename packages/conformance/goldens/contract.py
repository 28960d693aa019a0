"""The numeric contract (docs/contract.md) in Python, written from its words and not from the TypeScript.

Every value is a numpy.float32; NumPy rounds each operation on those once. Sums are explicit loops in index
order. exp, log and tanh come from mpmath with 200 bits, rounded once. Speed is no aim, so that every function
can be checked against the contract by reading it.
"""

import hashlib
import math
from fractions import Fraction

import mpmath
import numpy as np

mpmath.mp.prec = 200
np.seterr(all="ignore")

f32 = np.float32
ZERO = f32(0.0)
ONE = f32(1.0)
LEAKY_SLOPE = f32(0.01)


# Elementary functions


def round_to_f32(value):
    """The binary32 value nearest to a positive or negative mpmath number, ties to even."""
    sign, mantissa, exponent, _ = value._mpf_
    if mantissa == 0:
        return ZERO
    exact = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    # The exponent of the last place: 24 bits for normal numbers, 2^-149 at the least.
    top = int(mantissa).bit_length() + int(exponent)
    unit = Fraction(2) ** max(top - 24, -149)
    places = exact / unit
    whole = places.numerator // places.denominator
    rest = places - whole
    if rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1):
        whole += 1
    rounded = whole * unit
    if rounded >= Fraction(2) ** 128:
        result = f32(np.inf)
    else:
        result = f32(float(rounded))  # exact: 24 bits fit
    return -result if sign else result


_cache = {}


def _elementary(name, function, x):
    key = (name, x.tobytes())
    if key not in _cache:
        _cache[key] = round_to_f32(function(mpmath.mpf(float(x))))
    return _cache[key]


def exp(x):
    if np.isinf(x):
        return f32(np.inf) if x > 0 else ZERO
    if x > 200:
        return f32(np.inf)
    if x < -200:
        return ZERO
    return _elementary("exp", mpmath.exp, x)


def log(x):
    return _elementary("log", mpmath.log, x)


def tanh(x):
    if x == 0:
        return x
    if abs(x) > 30:
        return f32(math.copysign(1.0, x))
    return _elementary("tanh", mpmath.tanh, x)


def sigmoid(x):
    return f32(ONE / f32(ONE + exp(f32(-x))))


# Operations, in the words of ops.ts. Matrices are lists of rows.


def dot_in_order(pairs):
    total = ZERO
    for a, b in pairs:
        total = f32(total + f32(a * b))
    return total


def gemm(a, b, m, n, k, transpose_a, transpose_b):
    left = (lambda i, p: a[p * m + i]) if transpose_a else (lambda i, p: a[i * k + p])
    right = (lambda p, j: b[j * k + p]) if transpose_b else (lambda p, j: b[p * n + j])
    return [
        dot_in_order((left(i, p), right(p, j)) for p in range(k)) for i in range(m) for j in range(n)
    ]


def bias_add(output, bias, rows, width):
    return [f32(output[r * width + j] + bias[j]) for r in range(rows) for j in range(width)]


def bias_grad(d_output, rows, width):
    sums = []
    for j in range(width):
        total = ZERO
        for r in range(rows):
            total = f32(total + d_output[r * width + j])
        sums.append(total)
    return sums


def activate(name, v):
    if name == "relu":
        return ZERO if v <= 0 else v
    if name == "sigmoid":
        return sigmoid(v)
    if name == "tanh":
        return tanh(v)
    if name == "leaky-relu":
        return v if v > 0 else f32(v * LEAKY_SLOPE)
    if name == "elu":
        return v if v > 0 else f32(exp(v) - ONE)
    raise ValueError(name)


def activate_grad(name, y, d):
    if name == "relu":
        return d if y > 0 else ZERO
    if name == "sigmoid":
        return f32(d * f32(y * f32(ONE - y)))
    if name == "tanh":
        return f32(d * f32(ONE - f32(y * y)))
    if name == "leaky-relu":
        return d if y > 0 else f32(d * LEAKY_SLOPE)
    if name == "elu":
        return d if y > 0 else f32(d * f32(y + ONE))
    raise ValueError(name)


def argmax(z):
    best = 0
    for j in range(1, len(z)):
        if z[j] > z[best]:
            best = j
    return best


def exponentials(z):
    largest = z[argmax(z)]
    e = [exp(f32(value - largest)) for value in z]
    total = ZERO
    for value in e:
        total = f32(total + value)
    return e, total, largest


def softmax(z):
    e, total, _ = exponentials(z)
    return [f32(value / total) for value in e]


def softmax_cross_entropy(z, target, rows):
    """Returns the loss and the row of dLogits."""
    e, total, largest = exponentials(z)
    loss = f32(log(total) - f32(z[target] - largest))
    d_logits = []
    for j, value in enumerate(e):
        difference = f32(f32(value / total) - (ONE if j == target else ZERO))
        d_logits.append(f32(difference / f32(rows)))
    return loss, d_logits


def sgd(parameter, gradient, rate, l2):
    slope = gradient if l2 == 0 else f32(gradient + f32(l2 * parameter))
    return f32(parameter - f32(rate * slope))


def prepare(preprocess, sample):
    if preprocess == "none":
        return sample
    if preprocess == "binarize":
        return ONE if sample > 0 else ZERO
    return f32(f32(sample) / f32(255))


def shift_image(pixels, height, width, dx, dy):
    """Moves right by dx and down by dy; zeros come in."""
    moved = []
    for y in range(height):
        for x in range(width):
            inside = 0 <= y - dy < height and 0 <= x - dx < width
            moved.append(pixels[(y - dy) * width + (x - dx)] if inside else 0)
    return moved


Q16 = 1 << 16


def affine_map(stream, height, width):
    """Draws one map: scalings, shears, then shifts, about the image's centre."""
    within = lambda largest: stream.below(2 * largest + 1) - largest
    scaling, shear, shift = (math.floor(part * Q16) for part in (0.12, 0.18, 1.5))
    xx, yy = Q16 + within(scaling), Q16 + within(scaling)
    xy, yx = within(shear), within(shear)
    to_x = ((Q16 - xx) * (width - 1) - xy * (height - 1)) // 2 + within(shift)
    to_y = ((Q16 - yy) * (height - 1) - yx * (width - 1)) // 2 + within(shift)
    return xx, xy, to_x, yx, yy, to_y


def affine_image(pixels, height, width, m):
    def pixel(x, y):
        return int(pixels[y * width + x]) if 0 <= x < width and 0 <= y < height else 0

    moved = []
    for y in range(height):
        for x in range(width):
            u = m[0] * x + m[1] * y + m[2]
            v = m[3] * x + m[4] * y + m[5]
            i, f = u // Q16, u % Q16 // 256
            j, g = v // Q16, v % Q16 // 256
            total = (256 - f) * (256 - g) * pixel(i, j) + f * (256 - g) * pixel(i + 1, j)
            total += (256 - f) * g * pixel(i, j + 1) + f * g * pixel(i + 1, j + 1)
            moved.append((total + Q16 // 2) >> 16)
    return moved


# Random numbers

PURPOSE = {"weights": 1, "split": 2, "shuffle": 3, "validationShuffle": 4, "augment": 5, "dropout": 6}
WORD = 0xFFFFFFFF


def philox4x32(counter, key):
    x = list(counter)
    k = list(key)
    for _ in range(10):
        product0 = 0xD2511F53 * x[0]
        product1 = 0xCD9E8D57 * x[2]
        x = [
            (product1 >> 32) ^ x[1] ^ k[0],
            product1 & WORD,
            (product0 >> 32) ^ x[3] ^ k[1],
            product0 & WORD,
        ]
        k = [(k[0] + 0x9E3779B9) & WORD, (k[1] + 0xBB67AE85) & WORD]
    return x


class Stream:
    def __init__(self, seed, purpose, index):
        self.key = [seed & WORD, seed >> 32]
        self.tail = [index, PURPOSE[purpose]]
        self.block = 0
        self.words = []
        self.spare = None

    def next_uint32(self):
        if not self.words:
            self.words = philox4x32([self.block & WORD, self.block >> 32, *self.tail], self.key)
            self.block += 1
        return self.words.pop(0)

    def uniform(self):
        return f32(self.next_uint32() >> 8) * f32(2.0**-24)

    def below(self, bound):
        limit = 2**32 - 2**32 % bound
        while (word := self.next_uint32()) >= limit:
            pass
        return word % bound

    def normal(self):
        if self.spare is not None:
            value, self.spare = self.spare, None
            return value
        while True:
            u = f32(f32(f32(2) * self.uniform()) - ONE)
            v = f32(f32(f32(2) * self.uniform()) - ONE)
            s = f32(f32(u * u) + f32(v * v))
            if s >= 1 or s == 0:
                continue
            f = np.sqrt(f32(f32(f32(-2) * log(s)) / s))
            self.spare = f32(v * f)
            return f32(u * f)

    def shuffle(self, items):
        for last in range(len(items) - 1, 0, -1):
            other = self.below(last + 1)
            items[last], items[other] = items[other], items[last]


def dropout(rate, seed, layer, step, x):
    """x [rows, width]: element e has word e mod 4 of block e // 4."""
    threshold, scale = math.floor(rate * 2**32), f32(1 / (1 - rate))
    key = [seed & WORD, seed >> 32]
    result = []
    for element, value in enumerate(x.ravel()):
        word = philox4x32([element // 4, layer, step, PURPOSE["dropout"]], key)[element % 4]
        result.append(f32(value * scale) if word >= threshold else ZERO)
    return np.array(result, f32).reshape(x.shape)


# Optimisers


BETA1, BETA2, EPSILON = 0.9, 0.999, f32(1e-8)


class Optimizer:
    """Changes parameters and remembers; `t` counts steps from 1."""

    def __init__(self, recipe):
        self.recipe = {"momentum": 0.9, "weightDecay": 0, **recipe}
        self.memory = {}
        self.powers = [1.0, 1.0]

    def step(self):
        self.powers = [self.powers[0] * BETA1, self.powers[1] * BETA2]

    def update(self, key, w, gradient, rate, is_weight):
        """rate is a binary64 number."""
        l2 = f32(self.recipe["l2"] if is_weight else 0)
        g = gradient if l2 == 0 else gradient + l2 * w
        name = self.recipe["optimizer"]
        zeros = np.zeros(w.shape, f32)
        if name == "sgd":
            return w - f32(rate) * g
        if name in ("momentum", "nesterov"):
            mu = f32(self.recipe["momentum"])
            v = mu * self.memory.get(key, zeros) + g
            self.memory[key] = v
            return w - f32(rate) * (v if name == "momentum" else g + mu * v)
        m, v = self.memory.get(key, (zeros, zeros))
        if name == "adamw" and is_weight:
            w = w * f32(1 - rate * self.recipe["weightDecay"])
        m = f32(BETA1) * m + f32(1 - BETA1) * g
        v = f32(BETA2) * v + f32(1 - BETA2) * (g * g)
        self.memory[key] = (m, v)
        a, c = f32(rate / (1 - self.powers[0])), f32(math.sqrt(1 - self.powers[1]))
        return w - a * (m / (np.sqrt(v) / c + EPSILON))


# Whole trainings


def cosine_of_pi(x):
    return float(mpmath.cos(mpmath.pi * mpmath.mpf(x)))


def epoch_rates(recipe, epoch, steps):
    """In binary64; they are rounded where they enter."""
    schedule, rate, warmup = recipe["schedule"], recipe["learningRate"], recipe.get("warmup", 0)
    total = recipe["epochs"] * steps
    if schedule.startswith("step:"):
        every, factor = schedule[5:].split(",")
        for _ in range(epoch // int(every)):
            rate = rate * float(factor)
    rates = []
    for t in range(epoch * steps, (epoch + 1) * steps):
        at = rate * 0.5 * (1 + cosine_of_pi(t / total)) if schedule == "cosine" else rate
        rates.append(at * ((t + 1) / warmup) if t < warmup else at)
    return rates


def initial_deviation(initializer, fan_in, fan_out):
    if initializer == "xavier":
        return math.sqrt(2 / (fan_in + fan_out))
    if initializer == "he":
        return math.sqrt(2 / fan_in)
    return float(initializer.split(":")[1])


def initial_parameters(layers, initializer, seed):
    """Returns [weight [in, out], bias [out]] of each layer."""
    parameters = []
    for layer, (fan_in, fan_out) in enumerate(zip(layers, layers[1:])):
        deviation = f32(initial_deviation(initializer, fan_in, fan_out))
        stream = Stream(seed, "weights", layer)
        weight = [f32(deviation * stream.normal()) for _ in range(fan_in * fan_out)]
        parameters.append(
            [np.array(weight, f32).reshape(fan_in, fan_out), np.zeros(fan_out, f32)]
        )
    return parameters


def product_in_order(a, b):
    """a [m, k] times b [k, n]: NumPy works across outputs, never along the sum."""
    total = np.zeros((a.shape[0], b.shape[1]), f32)
    for p in range(a.shape[1]):
        total = total + a[:, p : p + 1] * b[p : p + 1, :]
    return total


def elementwise(function, *arrays):
    flat = [function(*values) for values in zip(*(array.ravel() for array in arrays))]
    return np.array(flat, f32).reshape(arrays[0].shape)


def forward(recipe, parameters, inputs, drop=lambda layer, x: x):
    """Returns what went into each layer (the last: what came out), and each layer's own output."""
    inside, outputs = [inputs], []
    last = len(parameters) - 1
    for layer, (weight, bias) in enumerate(parameters):
        output = product_in_order(inside[-1], weight) + bias
        name = recipe["outputActivation"] if layer == last else recipe["activation"]
        if name != "none":
            output = elementwise(lambda v: activate(name, v), output)
        outputs.append(output)
        inside.append(output if layer == last else drop(layer, output))
    return inside, outputs


def squared_error(z, t, rows):
    """Returns the loss of a row and its part of the gradient."""
    errors = [f32(a - b) for a, b in zip(z, t)]
    total = ZERO
    for error in errors:
        total = f32(total + f32(error * error))
    divisor = f32(rows * len(z))
    return f32(total / f32(len(z))), [f32(f32(f32(2) * error) / divisor) for error in errors]


def binary_cross_entropy(z, t, rows):
    """Returns the loss of a row and its part of the gradient."""
    total, gradient, divisor = ZERO, [], f32(rows * len(z))
    for value, target in zip(z, t):
        line = f32((ZERO if value <= 0 else value) - f32(value * target))
        total = f32(total + f32(line + log(f32(ONE + exp(f32(-abs(value)))))))
        gradient.append(f32(f32(sigmoid(value) - target) / divisor))
    return f32(total / f32(len(z))), gradient


OUTPUT_LOSSES = {"squared-error": squared_error, "binary-cross-entropy": binary_cross_entropy}


def losses_and_gradient(recipe, logits, targets, rows, class_weights=None):
    if recipe.get("loss") in OUTPUT_LOSSES:
        results = [OUTPUT_LOSSES[recipe["loss"]](z, t, rows) for z, t in zip(logits, targets)]
    else:
        results = [softmax_cross_entropy(z, t, rows) for z, t in zip(logits, targets)]
    gradient = np.array([row for _, row in results], f32)
    if class_weights is not None:
        gradient = gradient * np.array([[class_weights[t]] for t in targets], f32)
    return [loss for loss, _ in results], gradient


def in_shards(shards, rows, total_of):
    """Adds the sums over rows first to end (exclusive) of each shard in order."""
    edges = [s * rows // shards for s in range(shards + 1)]
    total = total_of(edges[0], edges[1])
    for first, end in zip(edges[1:], edges[2:]):
        total = total + total_of(first, end)
    return total


def sum_of_rows(rows, width):
    total = np.zeros(width, f32)
    for row in rows:
        total = total + row
    return total


def train_step(recipe, parameters, inputs, targets, rate, optimizer, step, class_weights):
    """One step, in place. Returns the losses."""
    rows = len(targets)
    rate_of_dropout, shards = recipe.get("dropout", 0), recipe.get("shards", 1)
    drop = lambda layer, x: dropout(rate_of_dropout, recipe["seed"], layer, step, x) if rate_of_dropout else x
    inside, outputs = forward(recipe, parameters, inputs, drop)
    losses, d_output = losses_and_gradient(recipe, outputs[-1], targets, rows, class_weights)
    gradients = []
    last = len(parameters) - 1
    for layer in range(last, -1, -1):
        if layer != last:
            d_output = drop(layer, d_output)
        name = recipe["outputActivation"] if layer == last else recipe["activation"]
        if name != "none":
            d_output = elementwise(lambda y, d: activate_grad(name, y, d), outputs[layer], d_output)
        x, width = inside[layer], d_output.shape[1]
        d_weight = in_shards(shards, rows, lambda a, b: product_in_order(x[a:b].T, d_output[a:b]))
        d_bias = in_shards(shards, rows, lambda a, b: sum_of_rows(d_output[a:b], width))
        gradients.append((layer, d_weight, d_bias))
        if layer > 0:
            d_output = product_in_order(d_output, parameters[layer][0].T)
    optimizer.step()
    for layer, d_weight, d_bias in gradients:
        weight, bias = parameters[layer]
        parameters[layer] = [
            optimizer.update((layer, "weight"), weight, d_weight, rate, True),
            optimizer.update((layer, "bias"), bias, d_bias, rate, False),
        ]
    return losses


def digest(parameters):
    data = b"".join(part.astype("<f4").tobytes() for layer in parameters for part in layer)
    return hashlib.sha256(data).hexdigest()


def split_samples(recipe, train_count, test_count):
    everything = train_count if recipe["split"] is None else train_count + test_count
    taken = recipe["subset"] or everything
    order = list(range(everything))
    if recipe["split"] is not None or recipe["subset"] is not None:
        Stream(recipe["seed"], "split", 0).shuffle(order)
    if recipe["split"] is None:
        return order[:taken], [], list(range(train_count, train_count + test_count))
    train_size = math.floor(recipe["split"][0] * taken)
    validation_size = math.floor(recipe["split"][1] * taken)
    cut = train_size + validation_size
    return order[:train_size], order[train_size:cut], order[cut:taken]


def fetch(dataset, recipe, index, motion):
    sample = dataset["inputs"][index]
    if motion is not None:
        height, width = dataset["image"]
        if len(motion) == 6:
            sample = affine_image(sample, height, width, motion)
        else:
            sample = shift_image(sample, height, width, *motion)
    return [prepare(recipe["preprocess"], value) for value in sample]


def evaluate(recipe, parameters, dataset, indices):
    """Returns accuracy and mean loss, or (None, None) of no samples."""
    if not indices:
        return None, None
    inputs = np.array([fetch(dataset, recipe, index, None) for index in indices], f32)
    logits = forward(recipe, parameters, inputs)[1][-1]
    targets = [dataset["targets"][index] for index in indices]
    losses, _ = losses_and_gradient(recipe, logits, targets, 1)
    total = 0.0
    for loss in losses:
        total += float(loss)
    if recipe.get("loss") in OUTPUT_LOSSES:
        return None, total / len(indices)
    correct = sum(argmax(z) == target for z, target in zip(logits, targets))
    return correct / len(indices), total / len(indices)


def standardize(dataset, train_part):
    """Mean 0 and deviation 1 by the training samples: measured in binary64, applied in binary32."""
    inputs = dataset["inputs"]
    columns = []
    for j in range(dataset["features"]):
        total = 0.0
        for i in train_part:
            total += float(inputs[i][j])
        mean = total / len(train_part)
        squares = 0.0
        for i in train_part:
            squares += (float(inputs[i][j]) - mean) * (float(inputs[i][j]) - mean)
        deviation = f32(math.sqrt(squares / len(train_part)))
        columns.append((f32(mean), deviation if deviation != 0 else ONE))
    scaled = [[f32(f32(x - m) / d) for x, (m, d) in zip(row, columns)] for row in inputs]
    return {**dataset, "inputs": scaled}


def weights_of_classes(recipe, dataset, train_part):
    wanted = recipe.get("classWeights", "none")
    if wanted == "none":
        return None
    if wanted != "balanced":
        return [f32(weight) for weight in wanted]
    labels = [dataset["targets"][i] for i in train_part]
    classes = dataset["classes"]
    counts = [labels.count(c) for c in range(classes)]
    return [f32(len(labels) / (classes * count)) if count else ONE for count in counts]


def motions(recipe, dataset, epoch, count):
    augment = recipe["augment"]
    if augment == "none":
        return [None] * count
    stream = Stream(recipe["seed"], "augment", epoch)
    if augment == "affine":
        return [affine_map(stream, *dataset["image"]) for _ in range(count)]
    reach = int(augment.split(":")[1])
    shift = lambda: stream.below(2 * reach + 1) - reach
    return [(shift(), shift()) for _ in range(count)]


def train(recipe, dataset):
    """Returns the digest and mean loss of each epoch, and accuracy and loss on both other parts."""
    seed, epochs, batch_size = recipe["seed"], recipe["epochs"], recipe["batchSize"]
    patience = recipe.get("patience")
    train_part, validation, test = split_samples(recipe, dataset["trainCount"], dataset["testCount"])
    if recipe.get("standardize"):
        dataset = standardize(dataset, train_part)
    parameters = initial_parameters(recipe["layers"], recipe["initializer"], seed)
    optimizer = Optimizer(recipe)
    class_weights = weights_of_classes(recipe, dataset, train_part)
    digests, losses = [], []
    best = None
    for epoch in range(epochs):
        order = list(train_part)
        Stream(seed, "shuffle", epoch).shuffle(order)
        if recipe["trainOnValidation"]:
            extra = list(validation)
            Stream(seed, "validationShuffle", epoch).shuffle(extra)
            order += extra
        moved = motions(recipe, dataset, epoch, len(order))
        steps = -(-len(order) // batch_size)
        rates = epoch_rates(recipe, epoch, steps)
        total = 0.0
        for step in range(steps):
            batch = range(step * batch_size, min((step + 1) * batch_size, len(order)))
            inputs = np.array([fetch(dataset, recipe, order[p], moved[p]) for p in batch], f32)
            targets = [dataset["targets"][order[p]] for p in batch]
            at = epoch * steps + step
            for loss in train_step(
                recipe, parameters, inputs, targets, rates[step], optimizer, at, class_weights
            ):
                total += float(loss)
        digests.append(digest(parameters))
        losses.append(total / len(order))
        if patience is not None:
            _, loss = evaluate(recipe, parameters, dataset, validation)
            if best is None or loss < best[1]:
                best = (epoch, loss, [list(layer) for layer in parameters])
            if epoch - best[0] >= patience:
                break
    if best is not None:
        parameters = best[2]
    validation_accuracy, validation_loss = evaluate(recipe, parameters, dataset, validation)
    test_accuracy, test_loss = evaluate(recipe, parameters, dataset, test)
    return {
        "digests": digests,
        "losses": losses,
        "validationAccuracy": validation_accuracy,
        "validationLoss": validation_loss,
        "testAccuracy": test_accuracy,
        "testLoss": test_loss,
    }
