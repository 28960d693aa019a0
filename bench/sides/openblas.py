"""NumPy on OpenBLAS: `python openblas.py`; the driver sets OpenBLAS's threads before it loads.

Training is written for speed: BLAS products into arrays made once, updates in place.
"""

import re

import numpy

from protocol import check_product, check_training, serve


def describe():
    """As in `NumPy 2.4.6, OpenBLAS 0.3.31`; other libraries under their names."""
    try:
        blas = numpy.show_config(mode="dicts")["Build Dependencies"]["blas"]
        name, version = blas["name"], blas["version"]
    except TypeError:  # before NumPy 1.26
        name, version = "BLAS", loaded_openblas()
    name = "OpenBLAS" if "openblas" in name or version else name
    version = ".".join(version.split(".")[:3])
    return f"NumPy {numpy.__version__}, {name} {version}".strip()


def loaded_openblas():
    """The version in the name of the OpenBLAS that this process has loaded, or ''."""
    try:
        with open("/proc/self/maps", encoding="utf8") as maps:
            return re.search(r"openblasp?-r([0-9.]+)\.so|$", maps.read()).group(1) or ""
    except OSError:
        return ""


def open_training(task, material):
    inputs, targets, _ = material.batches(task)
    layers = material.layers(task)
    batch = task["batchSize"]
    rate = numpy.float32(task["rate"])
    outputs = [numpy.empty((batch, len(bias)), numpy.float32) for _, bias in layers]
    slopes = [numpy.empty_like(output) for output in outputs]
    gradients = [numpy.empty_like(weight) for weight, _ in layers]
    done = 0

    def step(x, y):
        previous = x
        for layer, (weight, bias) in enumerate(layers):
            output = outputs[layer]
            if batch == 1:
                numpy.dot(previous[0], weight, out=output[0])
            else:
                numpy.dot(previous, weight, out=output)
            output += bias
            if layer + 1 < len(layers):
                numpy.maximum(output, 0, out=output)
            previous = output
        logits = outputs[-1]
        logits -= logits.max(axis=1, keepdims=True)
        slope = slopes[-1]
        numpy.exp(logits, out=slope)
        sums = slope.sum(axis=1, keepdims=True)
        loss = (numpy.log(sums).sum() - numpy.vdot(logits, y)) / batch
        slope /= sums
        slope -= y
        slope /= batch
        for layer in reversed(range(len(layers))):
            weight, bias = layers[layer]
            before = x
            if layer > 0:
                before = outputs[layer - 1]
                numpy.dot(slope, weight.T, out=slopes[layer - 1])
                slopes[layer - 1] *= before > 0
            # The rate goes into the smaller factor, not into the gradient.
            slope *= rate
            if batch == 1:
                numpy.multiply(before.T, slope, out=gradients[layer])
            else:
                numpy.dot(before.T, slope, out=gradients[layer])
            weight -= gradients[layer]
            bias -= slope.sum(axis=0)
            slope = slopes[layer - 1]
        return loss

    def run(steps):
        nonlocal done
        for at in range(done, done + steps):
            loss = step(inputs[at % len(inputs)], targets[at % len(inputs)])
        done = (done + steps) % len(inputs)
        return loss

    return check_training(task, run), run


def open_inference(task, material):
    calls = list(material.calls(task))
    (weight1, bias1), (weight2, bias2) = material.layers(task)
    hidden = numpy.empty((task["batchSize"], len(bias1)), numpy.float32)
    output = numpy.empty((task["batchSize"], len(bias2)), numpy.float32)

    def predict(x):
        numpy.dot(x, weight1, out=hidden)
        numpy.add(hidden, bias1, out=hidden)
        numpy.maximum(hidden, 0, out=hidden)
        numpy.dot(hidden, weight2, out=output)
        numpy.add(output, bias2, out=output)
        numpy.subtract(output, output.max(axis=1, keepdims=True), out=output)
        numpy.exp(output, out=output)
        numpy.divide(output, output.sum(axis=1, keepdims=True), out=output)
        return output

    def run(steps):
        for step in range(steps):
            predict(calls[step % len(calls)])

    return predict(calls[0])[0], run


def open_gemm(task, material):
    a, b = material.factors(task)
    product = numpy.empty((task["m"], task["n"]), numpy.float32)

    def run(steps):
        for _ in range(steps):
            numpy.dot(a, b, out=product)

    run(1)
    return check_product(product), run


OPEN = {"train": open_training, "predict": open_inference, "gemm": open_gemm}
serve(describe(), lambda task, material: OPEN[task["kind"]](task, material))
