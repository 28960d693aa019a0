"""Finds the two parts of ln 2 that the log of elementary.h adds up.

    ./hardest log > hardest-log.txt && python log_constants.py hardest-log.txt

For a few dozen inputs the true logarithm lies so close to a rounding boundary of binary32 that the rounding
errors of binary64 decide. They depend on how ln 2 is cut in two. The script tries many pairs (the sum may be
off by up to 2^-53) and prints those with which every one of these inputs rounds correctly. Whether all
other inputs do, too, is then checked by `pnpm prove`.
"""
import struct
import sys

from mpmath import floor, log, mp, mpf

mp.dps = 60

# The polynomial is that of coefficients.py.
TAIL = [0.666666666666681, 0.399999999990147, 0.28571428818406286, 0.22222191654055518]
TAIL_HIGH = [0.18183890882875517, 0.15306339591478885, 0.14867998280362538]


def binary32(bits):
    return struct.unpack("<f", struct.pack("<I", bits))[0]


def bits_of(number):
    return struct.unpack("<I", struct.pack("<f", number))[0]


def reduce(bits):
    """Returns n and log(m) as a pair of binary64 numbers, for the input 2^n * m."""
    n = (bits - 0x3F3504F3) >> 23
    f = binary32(bits - (n << 23)) - 1
    s = f / (f + 2)
    z = s * s
    z2 = z * z
    low = (TAIL[0] + z * TAIL[1]) + z2 * (TAIL[2] + z * TAIL[3])
    high = (TAIL_HIGH[0] + z * TAIL_HIGH[1]) + z2 * TAIL_HIGH[2]
    tail = z * (low + (z2 * z2) * high)
    half = (0.5 * f) * f
    return float(n), f - (half - s * (half + tail))


lines = [line.split() for line in open(sys.argv[1])]
near = [(int(a, 16), int(b, 16)) for a, b, distance in lines if abs(float(distance)) < 6]
# Subnormal inputs are left to the proof.
cases = [(*reduce(a), b) for a, b in near if a >= 0x800000]
found = set()
for digits in range(41, 54):
    base = int(floor(log(2) * 2**digits))
    for offset in range(-16, 17):
        high = float(mpf(base + offset) / 2**digits)
        exact_low = float(log(2) - mpf(high))
        for step in range(-40, 41):
            low = exact_low + step * 2.5e-18
            if all(bits_of((n * high + n * low) + rest) == right for n, rest, right in cases):
                found.add((high, low))
for high, low in sorted(found):
    print(repr(high), repr(low))
