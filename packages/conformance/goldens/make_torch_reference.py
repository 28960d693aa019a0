"""Makes ../src/goldens/torch.ts and torch-optimizers.ts: what PyTorch computes for small networks, in binary64.

    python3 -m venv venv && venv/bin/pip install torch==2.15.0
    venv/bin/python make_torch_reference.py

Forward, gradients and ten steps of torch.optim.SGD; then 200 steps of each optimiser. Inputs and first parameters are binary32 values, so that
both sides begin with the same numbers.
"""

import json
import pathlib

import torch

OUT = pathlib.Path(__file__).parent.parent / "src" / "goldens"
STEPS = 10
OPTIMIZER_STEPS = 200

ACTIVATIONS = {
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "leaky-relu": lambda v: torch.nn.functional.leaky_relu(v, 0.01),
    "elu": torch.nn.functional.elu,
}

NETWORKS = [
    *(([6, 8, 4], activation, "none", 0.0) for activation in ACTIVATIONS),
    *(([5, 7, 6, 3], activation, "none", 0.01) for activation in ACTIVATIONS),
    ([4, 9, 3], "relu", "relu", 0.0),
    ([7, 4], "relu", "none", 0.05),
    ([6, 9, 5], "tanh", "none", 0.01, "binary-cross-entropy"),
]


def hex_of(tensor):
    return "".join(f"{word & 0xFFFFFFFF:08x}" for word in tensor.float().flatten().view(torch.int32).tolist())


def numbers(tensors):
    return [float(f"{value:.10g}") for tensor in tensors for value in tensor.detach().flatten().tolist()]


def flat(parameters):
    return torch.cat([parameter.detach().flatten() for parameter in parameters])


def losses_of(logits, labels, loss):
    """Of each row; of binary cross-entropy, a label's own output is yes and all others no."""
    if loss == "cross-entropy":
        return torch.nn.functional.cross_entropy(logits, labels, reduction="none")
    flags = torch.nn.functional.one_hot(labels, logits.shape[1]).double()
    return torch.nn.functional.binary_cross_entropy_with_logits(logits, flags, reduction="none").mean(1)


def reference(layers, activation, output_activation, l2, loss="cross-entropy", rows=7, learning_rate=0.125):
    generator = torch.Generator().manual_seed(sum(layers) + len(activation))
    draw = lambda *shape: torch.randn(*shape, generator=generator).float().double()
    inputs = draw(rows, layers[0])
    labels = torch.randint(layers[-1], (rows,), generator=generator)
    parameters = []
    for fan_in, fan_out in zip(layers, layers[1:]):
        parameters.append((draw(fan_in, fan_out) * 0.75).float().double().requires_grad_())
        parameters.append((draw(fan_out) * 0.25).float().double().requires_grad_())

    def forward():
        values = inputs
        for layer in range(len(layers) - 1):
            values = values @ parameters[2 * layer] + parameters[2 * layer + 1]
            name = output_activation if layer == len(layers) - 2 else activation
            if name != "none":
                values = ACTIVATIONS[name](values)
        return values

    result = {
        "name": f"{'-'.join(map(str, layers))} {activation}, output {output_activation}, l2 {l2}" + ("" if loss == "cross-entropy" else f", {loss}"),
        "layers": layers,
        "activation": activation,
        "outputActivation": output_activation,
        **({} if loss == "cross-entropy" else {"loss": loss}),
        "l2": l2,
        "learningRate": learning_rate,
        "inputs": hex_of(inputs),
        "labels": labels.tolist(),
        "parameters": hex_of(flat(parameters)),
    }
    logits = forward()
    losses = losses_of(logits, labels, loss)
    losses.mean().backward()
    result["logits"] = numbers([logits])
    result["losses"] = numbers([losses])
    result["gradients"] = numbers([parameter.grad for parameter in parameters])

    optimizer = torch.optim.SGD(
        [
            {"params": parameters[0::2], "weight_decay": l2},
            {"params": parameters[1::2], "weight_decay": 0.0},
        ],
        lr=learning_rate,
    )
    result["stepLosses"] = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        mean = losses_of(forward(), labels, loss).mean()
        mean.backward()
        optimizer.step()
        result["stepLosses"] += numbers([mean])
    result["trained"] = numbers(parameters)
    return result


OPTIMIZERS = [
    ("sgd", 0.1, 0.0, 0.0),
    ("sgd", 0.1, 0.01, 0.0),
    ("momentum", 0.02, 0.001, 0.0),
    ("nesterov", 0.02, 0.001, 0.0),
    ("adam", 0.005, 0.001, 0.0),
    ("adamw", 0.005, 0.0, 0.05),
]


def make_optimizer(name, weights, biases, learning_rate, l2, weight_decay):
    """Weights decay, biases never do."""
    decay = weight_decay if name == "adamw" else l2
    groups = [{"params": weights, "weight_decay": decay}, {"params": biases, "weight_decay": 0.0}]
    if name in ("adam", "adamw"):
        return (torch.optim.AdamW if name == "adamw" else torch.optim.Adam)(groups, lr=learning_rate)
    momentum = 0.0 if name == "sgd" else 0.9
    return torch.optim.SGD(groups, lr=learning_rate, momentum=momentum, nesterov=name == "nesterov")


def optimizer_reference(name, learning_rate, l2, weight_decay):
    """200 steps over three batches in turn, from the same parameters."""
    layers, batch, batches = [6, 9, 4], 7, 3
    generator = torch.Generator().manual_seed(5)
    draw = lambda *shape: torch.randn(*shape, generator=generator).float().double()
    inputs = draw(batch * batches, layers[0])
    labels = torch.randint(layers[-1], (batch * batches,), generator=generator)
    parameters = []
    for fan_in, fan_out in zip(layers, layers[1:]):
        parameters.append((draw(fan_in, fan_out) * 0.5).float().double().requires_grad_())
        parameters.append((draw(fan_out) * 0.25).float().double().requires_grad_())
    result = {
        "name": f"{name}, l2 {l2}, weight decay {weight_decay}",
        "optimizer": name,
        "layers": layers,
        "batchSize": batch,
        "learningRate": learning_rate,
        "l2": l2,
        "weightDecay": weight_decay,
        "inputs": hex_of(inputs),
        "labels": labels.tolist(),
        "parameters": hex_of(flat(parameters)),
        "steps": OPTIMIZER_STEPS,
    }
    optimizer = make_optimizer(name, parameters[0::2], parameters[1::2], learning_rate, l2, weight_decay)
    for step in range(OPTIMIZER_STEPS):
        rows = slice(step % batches * batch, (step % batches + 1) * batch)
        hidden = torch.tanh(inputs[rows] @ parameters[0] + parameters[1])
        logits = hidden @ parameters[2] + parameters[3]
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(logits, labels[rows]).backward()
        optimizer.step()
    result["trained"] = numbers(parameters)
    return result


def write(file, constant, kind, goldens):
    lines = ",\n".join(json.dumps(golden, separators=(",", ":")) for golden in goldens)
    source = (
        "// Made by packages/conformance/goldens/make_torch_reference.py; not edited by hand.\n"
        f"import type {{ {kind} }} from '../golden-types.js';\n\n"
        f"export const {constant}: readonly {kind}[] = [\n{lines}\n];\n"
    )
    (OUT / file).write_text(source, encoding="utf-8")
    print(f"{file}: {len(goldens)} goldens, {len(source) // 1024} KiB")


if __name__ == "__main__":
    write("torch.ts", "TORCH_GOLDENS", "TorchGolden", [reference(*network) for network in NETWORKS])
    write(
        "torch-optimizers.ts",
        "TORCH_OPTIMIZER_GOLDENS",
        "TorchOptimizerGolden",
        [optimizer_reference(*one) for one in OPTIMIZERS],
    )
