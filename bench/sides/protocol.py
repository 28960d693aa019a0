"""How a side in Python talks with the driver; see protocol.mjs, which this mirrors."""

import json
import os
import sys
import time

import numpy

SAMPLES = 12800
SINGLE_IMAGES = 100
CLASSES = 10


def serve(version, open_task):
    """Answers the driver until it closes stdin.

    open_task(task, material) returns (check, run): numbers to compare, and a function of steps.
    """
    # Libraries greet on stdout.
    answers, sys.stdout = sys.stdout, sys.stderr
    run = None
    for line in sys.stdin:
        try:
            request = json.loads(line)
            if request["do"] == "open":
                check, run = open_task(request["task"], Material(request["material"]))
                answer = {"version": version, "check": [float(number) for number in check]}
            else:
                begun = time.perf_counter()
                run(request["steps"])
                answer = {"seconds": time.perf_counter() - begun}
        except Exception as error:  # the driver leaves this side out and says why
            answer = {"error": f"{type(error).__name__}: {error}".splitlines()[0]}
        print(json.dumps(answer), file=answers, flush=True)


class Material:
    """The files that all sides read."""

    def __init__(self, folder):
        self.folder = folder

    def read(self, name, dtype):
        return numpy.fromfile(os.path.join(self.folder, name), dtype)

    def nodes(self, task):
        """All of a network's layers, with their parameters' values by role."""
        flat = self.read(f"{task['name']}.f32", numpy.float32)
        with open(os.path.join(self.folder, f"{task['name']}.json"), encoding="utf8") as file:
            nodes = json.load(file)
        for node in nodes:
            node["values"] = {}
            for parameter in node["parameters"]:
                values, flat = numpy.split(flat, [numpy.prod(parameter["shape"])])
                node["values"][parameter["role"]] = values.reshape(parameter["shape"]).copy()
        return nodes

    def layers(self, task):
        """A perceptron's parameters: weight [in, out] and bias [out] of each layer."""
        values = (node["values"] for node in self.nodes(task))
        return [(own["weight"], own["bias"]) for own in values if "weight" in own]

    def batches(self, task):
        """Inputs [steps, batch, features], one-hot targets [steps, batch, CLASSES], classes."""
        batch = task["batchSize"]
        pixels = self.read("samples.u8", numpy.uint8).reshape(SAMPLES // batch, batch, -1)
        if task["preprocess"] == "scale":
            inputs = pixels.astype(numpy.float32) / numpy.float32(255)
        else:
            inputs = (pixels > 0).astype(numpy.float32)
        labels = self.read("labels.u8", numpy.uint8).astype(numpy.int64)
        targets = numpy.eye(CLASSES, dtype=numpy.float32)[labels]
        return inputs, targets.reshape(-1, batch, CLASSES), labels.reshape(-1, batch)

    def calls(self, task):
        """The images of calls: [calls, batch, features]."""
        batch = task["batchSize"]
        count = SINGLE_IMAGES if batch == 1 else 1
        pixels = self.read("samples.u8", numpy.uint8).reshape(SAMPLES, -1)[: count * batch]
        return (pixels.astype(numpy.float32) / numpy.float32(255)).reshape(count, batch, -1)

    def factors(self, task):
        """The factors of a product: op(A) as a view [m, k], B [k, n]."""
        m, n, k = task["m"], task["n"], task["k"]
        a = self.read("a.f32", numpy.float32)[: m * k]
        b = self.read("b.f32", numpy.float32)[: k * n].reshape(k, n)
        return (a.reshape(k, m).T if task["transposeA"] else a.reshape(m, k)), b


def check_training(task, run):
    """Losses after the first and after the last of some steps."""
    return [run(1), run(task["checkSteps"] - 1)]


def check_product(product):
    """Some elements of a product."""
    flat = product.ravel()
    return [flat[i * (len(flat) - 1) // 4] for i in range(5)]
