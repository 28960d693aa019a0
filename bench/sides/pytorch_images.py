"""PyTorch's convolutional networks: modules, autograd and optim.SGD, as one writes them there.

Forms: `eager` as tutorials have it; `channels-last` with images and filters laid out so, which is
the faster one on processors; `compiled` is that through torch.compile; `scripted`, for predictions,
is traced and frozen.
"""

import torch
from torch import nn
from torch.nn import functional

from protocol import check_training


def same_padding(window):
    """Zeros before and after, (left, right, top, bottom), as `same` asks for."""

    def after(size, kernel, stride, before, places):
        return max((places - 1) * stride + kernel - size - before, 0)

    top, left = window["paddingTop"], window["paddingLeft"]
    bottom = after(
        window["height"], window["kernelHeight"], window["strideVertical"], top, window["outHeight"]
    )
    right = after(
        window["width"], window["kernelWidth"], window["strideHorizontal"], left, window["outWidth"]
    )
    return left, right, top, bottom


def modules_of(node):
    """What PyTorch has for a layer, with its parameters."""
    kind, values = node["type"], {k: torch.from_numpy(v) for k, v in node["values"].items()}
    if kind == "conv2d":
        window = node["window"]
        left, right, top, bottom = same_padding(window)
        stride = (window["strideVertical"], window["strideHorizontal"])
        is_even = left == right and top == bottom
        kernel = (window["kernelHeight"], window["kernelWidth"])
        conv = nn.Conv2d(
            window["channels"],
            node["filters"],
            kernel,
            stride,
            padding=(top, left) if is_even else 0,
            bias="bias" in values,
        )
        conv.weight.data.copy_(values["weight"].permute(3, 2, 0, 1))
        if "bias" in values:
            conv.bias.data.copy_(values["bias"])
        return [conv] if is_even else [nn.ZeroPad2d((left, right, top, bottom)), conv]
    if kind == "maxPool2d":
        return [nn.MaxPool2d(node["poolSize"], node["strides"])]
    if kind == "batchNorm":
        shape = node["inputShape"]
        norm = (nn.BatchNorm2d if len(shape) == 3 else nn.BatchNorm1d)(
            shape[-1], eps=node["epsilon"], momentum=1 - node["momentum"]
        )
        norm.weight.data.copy_(values["scale"])
        norm.bias.data.copy_(values["shift"])
        return [norm]
    if kind == "dropout":
        return [nn.Dropout(node["rate"])]
    if kind == "activation":
        return [nn.ReLU(inplace=True)]
    if kind == "flatten":
        return [nn.Flatten()]
    if kind == "dense":
        linear = nn.Linear(node["inputShape"][0], node["units"], bias="bias" in values)
        linear.weight.data.copy_(values["weight"].t())
        if "bias" in values:
            linear.bias.data.copy_(values["bias"])
        return [linear]
    raise ValueError(f"there is no {kind} here")


def make_network(nodes, is_checked):
    """Without dropout where losses are compared: no two libraries draw the same numbers."""
    for flatten, dense in zip(nodes, nodes[1:]):
        if flatten["type"] != "flatten":
            continue
        # Channel by channel is how PyTorch flattens an image.
        height, width, channels = flatten["inputShape"]
        weight = dense["values"]["weight"].reshape(height, width, channels, -1)
        dense["values"]["weight"] = weight.transpose(2, 0, 1, 3).reshape(height * width * channels, -1)
    kept = [node for node in nodes if not (is_checked and node["type"] == "dropout")]
    return nn.Sequential(*(module for node in kept for module in modules_of(node)))


def images_of(pixels, nodes, form):
    """Pixels [calls, batch, features] as images [batch, channels, height, width]."""
    height, width, channels = nodes[0]["inputShape"]
    images = torch.from_numpy(pixels).reshape(*pixels.shape[:2], height, width, channels)
    images = images.permute(0, 1, 4, 2, 3)
    if form == "eager":
        return list(images.contiguous().unbind(0))
    return [one.contiguous(memory_format=torch.channels_last) for one in images.unbind(0)]


def laid_out(network, form):
    return network if form == "eager" else network.to(memory_format=torch.channels_last)


def open_run(task, material, form, is_checked):
    pixels, _, labels = material.batches(task)
    nodes = material.nodes(task)
    inputs = images_of(pixels, nodes, form)
    targets = torch.from_numpy(labels).unbind(0)
    network = laid_out(make_network(nodes, is_checked), form).train()
    optimizer = torch.optim.SGD(network.parameters(), lr=task["rate"])
    forward = torch.compile(network) if form == "compiled" else network
    done = 0

    def run(steps):
        nonlocal done
        for _ in range(steps):
            optimizer.zero_grad()
            loss = functional.cross_entropy(forward(inputs[done]), targets[done])
            loss.backward()
            optimizer.step()
            done = (done + 1) % len(inputs)
        return loss.item()

    return run


def open_training(task, material, form):
    if form not in ("eager", "channels-last", "compiled"):
        raise ValueError("this form is for perceptrons")
    check = check_training(task, open_run(task, material, form, is_checked=True))
    return check, open_run(task, material, form, is_checked=False)


def open_inference(task, material, form):
    torch.set_grad_enabled(False)
    nodes = material.nodes(task)
    calls = images_of(material.calls(task), nodes, form)
    network = laid_out(nn.Sequential(make_network(nodes, False), nn.Softmax(1)), form).eval()
    if form == "scripted":
        network = torch.jit.freeze(torch.jit.trace(network, calls[0]))
    elif form == "compiled":
        network = torch.compile(network)

    def run(steps):
        for step in range(steps):
            network(calls[step % len(calls)])

    return network(calls[0])[0], run
