"""Makes ../src/goldens/torch-images.ts: 50 steps of a convolutional network with norms in PyTorch, in binary64.

    python3 -m venv venv && venv/bin/pip install torch==2.15.0
    venv/bin/python make_torch_images.py

Inputs and first parameters are binary32 values, so that both sides begin with the same numbers. Images are drawn
and given as [height, width, channels], weights as [height, width, in, out]; PyTorch gets them in its own order.
"""

import json
import pathlib

import torch
from torch import nn

OUT = pathlib.Path(__file__).parent.parent / "src" / "goldens" / "torch-images.ts"
LAYERS = "8x8x2,conv5,norm,pool,conv6:3x1,avgpool,7,norm,3"
BATCH, BATCHES, STEPS, RATE, MOMENTUM, L2 = 6, 3, 50, 0.05, 0.9, 0.001


def hex_of(tensor):
    return "".join(f"{word & 0xFFFFFFFF:08x}" for word in tensor.float().flatten().view(torch.int32).tolist())


def numbers(tensor):
    return [float(f"{value:.10g}") for value in tensor.detach().flatten().tolist()]


generator = torch.Generator().manual_seed(3)
draw = lambda *shape: torch.randn(*shape, generator=generator).float().double()

network = nn.Sequential(
    nn.Conv2d(2, 5, 3, padding=1, bias=False), nn.BatchNorm2d(5), nn.Tanh(), nn.MaxPool2d(2),
    nn.Conv2d(5, 6, (3, 1), padding=(1, 0)), nn.Tanh(), nn.AvgPool2d(2),
    nn.Flatten(), nn.Linear(24, 7, bias=False), nn.BatchNorm1d(7), nn.Tanh(), nn.Linear(7, 3),
).double()
conv1, norm1, conv2, dense1, norm2, dense2 = (network[at] for at in (0, 1, 4, 8, 9, 11))

with torch.no_grad():
    for layer in (conv1, conv2, dense1, dense2):
        layer.weight.copy_(draw(*layer.weight.shape) * 0.4)
        layer.weight.copy_(layer.weight.float().double())
    conv2.bias.copy_((draw(6) * 0.1).float().double())
    dense2.bias.copy_((draw(3) * 0.1).float().double())
    norm1.weight.copy_((1 + draw(5) * 0.2).float().double())
    norm2.weight.copy_((1 + draw(7) * 0.2).float().double())


def ours():
    """All parameters in Bitgrad's order and layout."""
    hwio = lambda weight: weight.permute(2, 3, 1, 0)
    norm = lambda layer: [layer.weight, layer.bias, layer.running_mean, layer.running_var]
    # PyTorch flattens [channels, height, width], Bitgrad [height, width, channels].
    flat = dense1.weight.reshape(7, 6, 2, 2).permute(2, 3, 1, 0)
    parts = [hwio(conv1.weight), *norm(norm1), hwio(conv2.weight), conv2.bias, flat, *norm(norm2), dense2.weight.T, dense2.bias]
    return torch.cat([part.detach().flatten() for part in parts])


images = draw(BATCH * BATCHES, 8, 8, 2)
labels = torch.randint(3, (BATCH * BATCHES,), generator=generator)
begin = ours()
weights = [layer.weight for layer in (conv1, conv2, dense1, dense2)]
others = [p for p in network.parameters() if all(p is not weight for weight in weights)]
optimizer = torch.optim.SGD(
    [{"params": weights, "weight_decay": L2}, {"params": others, "weight_decay": 0.0}], lr=RATE, momentum=MOMENTUM
)
losses = []
for step in range(STEPS):
    rows = slice(step % BATCHES * BATCH, (step % BATCHES + 1) * BATCH)
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(network(images[rows].permute(0, 3, 1, 2)), labels[rows])
    loss.backward()
    optimizer.step()
    losses += numbers(loss)
network.eval()
with torch.no_grad():
    probabilities = network(images.permute(0, 3, 1, 2)).softmax(1)

golden = {
    "layers": LAYERS, "batchSize": BATCH, "steps": STEPS, "learningRate": RATE, "momentum": MOMENTUM, "l2": L2,
    "inputs": hex_of(images), "labels": labels.tolist(), "parameters": hex_of(begin),
    "losses": losses, "trained": numbers(ours()), "probabilities": numbers(probabilities),
}
OUT.write_text(
    "// Made by packages/conformance/goldens/make_torch_images.py; not edited by hand.\n"
    "import type { TorchImagesGolden } from '../golden-types.js';\n\n"
    f"export const TORCH_IMAGES_GOLDEN: TorchImagesGolden = {json.dumps(golden, separators=(',', ':'))};\n"
)
