"""Loads exported models into PyTorch and compares their outputs with Bitgrad's.

Usage: python check_torch.py FOLDER..., where each folder holds model.safetensors, samples.f32 (raw
inputs, little-endian binary32, row by row) and expected.f32 (Bitgrad's outputs). Prints a line of
JSON for each. Needs torch and safetensors.
"""

import json
import pathlib
import sys

import torch
from safetensors import safe_open
from safetensors.torch import load_file
from torch import nn


def read(path, width):
    return torch.frombuffer(bytearray(path.read_bytes()), dtype=torch.float32).reshape(-1, width)


def prepare(samples, preparation):
    if preparation["preprocess"] == "binarize":
        return (samples > 0).float()
    if preparation["preprocess"] == "scale":
        return samples / 255
    if preparation["mean"] is not None:
        mean, deviation = torch.tensor(preparation["mean"]), torch.tensor(preparation["deviation"])
        return (samples - mean) / deviation
    return samples


def samples_of(folder, network, preparation):
    """Rows of numbers, or images, which PyTorch has channel by channel."""
    if "shape" not in preparation:
        return read(folder / "samples.f32", network[0].in_features)
    channels, height, width = preparation["shape"]
    images = read(folder / "samples.f32", height * width * channels)
    return images.reshape(-1, height, width, channels).permute(0, 3, 1, 2)


def compare(folder):
    path = folder / "model.safetensors"
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata()
    # The test made this text just now. A stranger's file must not be evaluated: write its network out.
    network = eval(metadata["sequential"], {"nn": nn})
    network.load_state_dict(load_file(path))

    network.eval()
    preparation = json.loads(metadata["input"])
    with torch.no_grad():
        samples = samples_of(folder, network, preparation)
        outputs = network(prepare(samples, preparation))
        expected = read(folder / "expected.f32", outputs.shape[1])
        if metadata["output"] == "softmax":
            outputs = outputs.softmax(dim=1)
        if metadata["output"] == "sigmoid":
            outputs = outputs.sigmoid()
        if "outputScale" in metadata:
            scale = {name: torch.tensor(values) for name, values in json.loads(metadata["outputScale"]).items()}
            outputs = outputs * scale["deviation"] + scale["mean"]
    return {
        "rows": len(outputs),
        "agreeing": int((outputs.argmax(1) == expected.argmax(1)).sum()),
        "largestDifference": float((outputs - expected).abs().max()),
    }


for name in sys.argv[1:]:
    print(json.dumps(compare(pathlib.Path(name))))
