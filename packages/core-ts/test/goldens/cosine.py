"""Makes cosine.json: cos(pi x), correctly rounded to binary64, as pairs of binary64 bits.

    pip install mpmath && python cosine.py > cosine.json
"""
import json
import struct

from mpmath import cospi, mp, mpf

mp.dps = 60


def bits(x):
    return struct.pack(">d", x).hex()


# Steps of schedules of several lengths, and both sides of the places where the polynomials change.
places = [i / 96 for i in range(97)] + [i / 1000 for i in range(0, 1001, 37)]
places += [0.25 + d for d in (-(2.0**-54), 2.0**-54)] + [0.75 + d for d in (-(2.0**-53), 2.0**-53)]
places += [0.5 + d for d in (-(2.0**-54), 2.0**-53)] + [2.0**-30, 2.0**-1074, 1 - 2.0**-53]
print(json.dumps([[bits(x), bits(float(cospi(mpf(x))))] for x in sorted(set(places))], separators=(",\n", ":")).replace(",\n\"", ",\""))
