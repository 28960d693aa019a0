"""PyTorch: `python pytorch.py FORM THREADS`.

Forms: `eager` is what tutorials write (modules, autograd, optim.SGD); `manual` is the step's own
equations with in-place updates; `vectors` is the same with matrix-vector products, for batch size
1; `scripted` and `scripted-vectors` are these in TorchScript, whose loop runs without Python;
`compiled` is the manual step through torch.compile.
"""

import sys
import warnings

import torch
from torch import nn
from torch.nn import functional

import pytorch_images
from protocol import check_product, check_training, serve

FORM, THREADS = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(THREADS)
# TorchScript is deprecated, and still the fastest form of small steps.
warnings.filterwarnings("ignore", category=DeprecationWarning)
warnings.filterwarnings("ignore", category=FutureWarning)


def train_matrices(
    inputs: list[torch.Tensor],
    targets: list[torch.Tensor],
    weights: list[torch.Tensor],
    biases: list[torch.Tensor],
    rate: float,
    first: int,
    steps: int,
) -> torch.Tensor:
    """Trains `steps` steps from batch `first`; the mean loss of the last one's batch."""
    loss = torch.zeros(1)
    layers = len(weights)
    for step in range(steps):
        x = inputs[(first + step) % len(inputs)]
        y = targets[(first + step) % len(inputs)]
        outputs = [x]
        for layer in range(layers - 1):
            outputs.append(torch.addmm(biases[layer], outputs[layer], weights[layer]).relu_())
        logits = torch.addmm(biases[-1], outputs[-1], weights[-1])
        logarithms = torch.log_softmax(logits, 1)
        loss = (logarithms * y).sum() * (-1.0 / x.size(0))
        slope = logarithms.exp_().sub_(y).mul_(1.0 / x.size(0))
        for back in range(layers):
            layer = layers - 1 - back
            output = outputs[layer]
            before = slope
            if layer > 0:
                before = torch.ops.aten.threshold_backward(
                    torch.mm(slope, weights[layer].t()), output, 0.0
                )
            weights[layer].addmm_(output.t(), slope, alpha=-rate)
            biases[layer].sub_(slope.sum(0), alpha=rate)
            slope = before
    return loss


def train_vectors(
    inputs: list[torch.Tensor],
    targets: list[torch.Tensor],
    weights: list[torch.Tensor],
    biases: list[torch.Tensor],
    rate: float,
    first: int,
    steps: int,
) -> torch.Tensor:
    """The same for batches of one sample: its weights are [out, in]."""
    loss = torch.zeros(1)
    layers = len(weights)
    for step in range(steps):
        y = targets[(first + step) % len(inputs)]
        outputs = [inputs[(first + step) % len(inputs)]]
        for layer in range(layers - 1):
            outputs.append(torch.addmv(biases[layer], weights[layer], outputs[layer]).relu_())
        logits = torch.addmv(biases[-1], weights[-1], outputs[-1])
        logarithms = torch.log_softmax(logits, 0)
        loss = -torch.dot(logarithms, y)
        slope = logarithms.exp_().sub_(y)
        for back in range(layers):
            layer = layers - 1 - back
            output = outputs[layer]
            before = slope
            if layer > 0:
                before = torch.ops.aten.threshold_backward(
                    torch.mv(weights[layer].t(), slope), output, 0.0
                )
            weights[layer].addr_(slope, output, alpha=-rate)
            biases[layer].sub_(slope, alpha=rate)
            slope = before
    return loss


def looping(inputs, step):
    """A function of steps that goes over the batches again and again."""
    done = 0

    def run(steps):
        nonlocal done
        loss = step(done, steps)
        done = (done + steps) % len(inputs)
        return loss.item()

    return run


def open_manual(task, inputs, targets, layers):
    by_vectors = FORM.endswith("vectors")
    if by_vectors and task["batchSize"] > 1:
        raise ValueError("this form is for batches of one sample")
    weights = [weight.t().contiguous() if by_vectors else weight for weight, _ in layers]
    biases = [bias for _, bias in layers]
    if by_vectors:
        inputs, targets = inputs[:, 0], targets[:, 0]
    inputs, targets = list(inputs.unbind(0)), list(targets.unbind(0))
    train = train_vectors if by_vectors else train_matrices
    if FORM.startswith("scripted"):
        train = torch.jit.script(train)
    if FORM == "compiled":
        one = torch.compile(lambda x, y: train_matrices([x], [y], weights, biases, task["rate"], 0, 1))

        def train_compiled(first, steps):
            loss = torch.zeros(1)
            for step in range(first, first + steps):
                at = step % len(inputs)
                loss = one(inputs[at], targets[at])
            return loss

        return looping(inputs, train_compiled)
    return looping(
        inputs,
        lambda first, steps: train(inputs, targets, weights, biases, task["rate"], first, steps),
    )


def make_network(layers):
    modules = []
    for weight, bias in layers:
        linear = nn.Linear(*weight.shape)
        with torch.no_grad():
            linear.weight.copy_(weight.t())
            linear.bias.copy_(bias)
        modules += [linear, nn.ReLU()]
    return nn.Sequential(*modules[:-1])


def open_eager(task, inputs, labels, layers):
    network = make_network(layers)
    optimizer = torch.optim.SGD(network.parameters(), lr=task["rate"])

    def train(first, steps):
        for step in range(first, first + steps):
            optimizer.zero_grad()
            loss = functional.cross_entropy(
                network(inputs[step % len(inputs)]), labels[step % len(inputs)]
            )
            loss.backward()
            optimizer.step()
        return loss.detach()

    return looping(inputs, train)


def open_training(task, material):
    inputs, targets, labels = map(torch.from_numpy, material.batches(task))
    layers = [tuple(map(torch.from_numpy, layer)) for layer in material.layers(task)]
    if FORM == "eager":
        run = open_eager(task, inputs.unbind(0), labels.unbind(0), layers)
    else:
        torch.set_grad_enabled(False)
        run = open_manual(task, inputs, targets, layers)
    return check_training(task, run), run


def open_inference(task, material):
    torch.set_grad_enabled(False)
    calls = torch.from_numpy(material.calls(task)).unbind(0)
    layers = [tuple(map(torch.from_numpy, layer)) for layer in material.layers(task)]
    network = nn.Sequential(make_network(layers), nn.Softmax(1)).eval()
    if FORM == "scripted":
        network = torch.jit.freeze(torch.jit.trace(network, calls[0]))
    elif FORM == "compiled":
        network = torch.compile(network)
    elif FORM != "eager":
        raise ValueError("this form is for training")

    def run(steps):
        for step in range(steps):
            network(calls[step % len(calls)])

    return network(calls[0])[0], run


def open_gemm(task, material):
    a, b = map(torch.from_numpy, material.factors(task))
    product = torch.empty(task["m"], task["n"])

    def run(steps):
        for _ in range(steps):
            torch.mm(a, b, out=product)

    run(1)
    return check_product(product.numpy()), run


def open_task(task, material):
    if task["kind"] == "gemm":
        return open_gemm(task, material)
    is_training = task["kind"] == "train"
    # An image, not a width, is what comes in.
    if isinstance(task["layers"][0], list):
        images = pytorch_images
        return (images.open_training if is_training else images.open_inference)(task, material, FORM)
    return (open_training if is_training else open_inference)(task, material)


serve(f"PyTorch {torch.__version__.split('+')[0]}", open_task)
