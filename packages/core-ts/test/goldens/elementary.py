"""Makes elementary.json: correctly rounded values of exp, log and tanh, as pairs of binary32 bits.

    pip install mpmath && python elementary.py > elementary.json

The values come from mpmath, with 200 digits, and know nothing of Bitgrad's own code.
"""
import json
import re
import struct

from mpmath import exp, floor, frexp, ldexp, log, mp, mpf, tanh

mp.dps = 200

# The true values of these lie nearest to a rounding boundary (found by tools/prove/hardest.cpp).
HARDEST = {
    "exp": "c16912cd bbf0edf1 377eff81 bae0e25c 39c6be5b 38e69cc1 383a3ef1 3d1a274e 40315b33 4001b249",
    "log": "65d890d3 4c5d65a5 4d604ebe 41178feb 1f116ab8 66a8c860 3c413d3a 6f31a8ec 38dcbe38 4665a9a6",
    "tanh": "3ac37de2 3eee0566 3cd41b91 40acb4d0 40c5e8ca 3d7c3055 3c96ae2e 40a6ef82 bac37de2 beee0566",
}

# Numbers on both sides of the places where the results change their nature.
EDGES = {
    # Overflow, the smallest normal result, the smallest result, and the ends of the plateau at 1.
    "exp": "42b17217 42b17218 c2aeac4f c2aeac50 c2cff1b4 c2cff1b5 c2cff1b6 33000000 33800000 33800001 "
    "b2ffffff b3000000 b3000001 b3800000 00000001 80000001 007fffff 00800000 7f7fffff ff7fffff",
    # Subnormal numbers, the neighbours of 1, and the ends of the reduced range at sqrt(1/2) and sqrt(2).
    "log": "00000001 00000002 00000003 00400000 007fffff 00800000 00800001 3f7ffffe 3f7fffff 3f800000 "
    "3f800001 3f800002 3f3504f2 3f3504f3 3f3504f4 3fb504f2 3fb504f3 3fb504f4 7f7ffffe 7f7fffff",
    # Where the result is x itself, and where it becomes 1.
    "tanh": "00000001 80000001 007fffff 00800000 39b504f3 39ffffff 3a000000 3a000001 3a800000 b9ffffff "
    "3eb17217 3eb17218 3eb17219 41102cb2 41102cb3 41102cb4 c1102cb3 411fffff 41200001 7f7fffff",
}

# 30 more per function, spread evenly over the bits of the interesting range.
RANGES = {
    "exp": [(0x33000000, 0x42B17218), (0xB3000000, 0xC2CFF1B5)],
    "log": [(0x00000001, 0x7F7FFFFF)],
    "tanh": [(0x39000000, 0x41110000), (0xB9000000, 0xC1110000)],
}


def number_of(bits):
    return mpf(struct.unpack("<f", struct.pack("<I", bits))[0])


def round_to_binary32(value):
    """Returns the bits of the binary32 number nearest to a real number. Ties do not occur but at 0."""
    if value == 0:
        return 0
    sign = 0x80000000 if value < 0 else 0
    exponent = max(frexp(abs(value))[1] - 24, -149)
    steps = int(floor(ldexp(abs(value), -exponent) + mpf(1) / 2))
    # `steps` carries into the exponent field by itself.
    bits = (exponent + 149) * 0x800000 + steps
    return sign | min(bits, 0x7F800000)


def spread(ranges, count):
    for first, last in ranges:
        share = count // len(ranges)
        for i in range(share):
            # An odd stretch, so that the last bits vary.
            yield first + (last - first) * (2 * i + 1) // (2 * share) | 1


def golden(name, function, bits):
    x = number_of(bits)
    # Far out the result is constant, and mpmath would take long.
    x = x if name == "log" else max(min(x, mpf(1000)), mpf(-1000))
    return [f"{bits:08x}", f"{round_to_binary32(function(x)):08x}"]


result = {}
for name, function in (("exp", exp), ("log", log), ("tanh", tanh)):
    inputs = {
        "hardest": [int(word, 16) for word in HARDEST[name].split()],
        "edges": [int(word, 16) for word in EDGES[name].split()],
        "spread": spread(RANGES[name], 30),
    }
    result[name] = {
        kind: [golden(name, function, bits) for bits in values] for kind, values in inputs.items()
    }
# One pair per line.
text = json.dumps(result, indent=2)
print(re.sub(r'\[\s+("\w+"),\s+("\w+")\s+\]', r"[\1, \2]", text))
