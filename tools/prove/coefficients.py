"""Computes the constants of exp, log and tanh in packages/core-ts/src/math and core-native/src/elementary.h.

    pip install mpmath && python coefficients.py

How the coefficients are made: the Remez exchange algorithm, in 60-digit arithmetic, finds the polynomial
whose largest error over the reduced range is smallest. Each coefficient is then rounded once to binary64,
and the error of the rounded polynomial is measured again on a dense grid and printed.
"""
from mpmath import mp, mpf, matrix, lu_solve, log, expm1, atanh, cos, pi, floor, nstr

mp.dps = 60


def remez(function, powers, low, high, weight, rounds=12, density=4000):
    """Returns the coefficients c so that weight(t) * (function(t) - sum c[i] * t^powers[i]) is levelled."""
    count = len(powers)
    grid = [(low + high) / 2 - (high - low) / 2 * cos(pi * (i + mpf(1) / 2) / density) for i in range(density)]
    values = [function(t) for t in grid]
    weights = [weight(t) for t in grid]
    basis = [[t**p for p in powers] for t in grid]
    points = [round((density - 1) * (1 - float(cos(pi * i / count))) / 2) for i in range(count + 1)]
    coefficients = []
    for _ in range(rounds):
        system = matrix(count + 1, count + 1)
        right = matrix(count + 1, 1)
        for row, at in enumerate(points):
            for column in range(count):
                system[row, column] = basis[at][column]
            system[row, count] = (-1) ** row / weights[at]
            right[row] = values[at]
        solution = lu_solve(system, right)
        coefficients = [solution[i] for i in range(count)]
        errors = [weights[i] * (values[i] - sum(c * b for c, b in zip(coefficients, basis[i]))) for i in range(density)]
        # The new points are the largest error of each run of equal sign.
        runs = []
        for i, error in enumerate(errors):
            if runs and (errors[runs[-1]] > 0) == (error > 0):
                if abs(error) > abs(errors[runs[-1]]):
                    runs[-1] = i
            else:
                runs.append(i)
        while len(runs) > count + 1:
            runs.pop(0 if abs(errors[runs[0]]) < abs(errors[runs[-1]]) else -1)
        if len(runs) < count + 1 or runs == points:
            break
        points = runs
    return coefficients


def report(name, coefficients, function, powers, low, high, weight):
    rounded = [float(c) for c in coefficients]
    worst = mpf(0)
    for i in range(2001):
        t = low + (high - low) * i / 2000
        if t != 0:
            worst = max(worst, weight(t) * abs(function(t) - sum(mpf(c) * t**p for c, p in zip(rounded, powers))))
    print(f"{name}: largest error 2^{nstr(log(worst, 2), 5)}")
    for power, coefficient in zip(powers, rounded):
        print(f"  t^{power}: {coefficient!r}  {coefficient.hex()}")


# ln 2 in two parts. The high part ends in zeros, so that n * high is exact for every |n| < 2^11.
high_part = floor(log(2) * 2**42) / 2**42
print("log2(e):", repr(float(1 / log(2))))
print("ln 2, high part:", repr(float(high_part)), float(high_part).hex())
print("ln 2, low part:", repr(float(log(2) - high_part)), float(log(2) - high_part).hex())

# exp(r) - 1 = r + r^2 * (1/2 + c3 r + ... + c11 r^9) for |r| <= ln(2)/2 (a little more, for the rounding of n).
limit = log(2) / 2 * (1 + mpf(2) ** -20)
powers = list(range(9))
shape = lambda r: (expm1(r) - r - r * r / 2) / r**3
weight = lambda r: abs(r) ** 3
report("exp", remez(shape, powers, -limit, limit, weight), shape, powers, -limit, limit, weight)

# log(1 + f) = 2 atanh(s) with s = f / (2 + f); here z = s^2 and 2 atanh(s) = 2 s + s z (c0 + c1 z + ... + c6 z^6).
top = ((mpf(2) ** mpf("0.5") - 1) / (mpf(2) ** mpf("0.5") + 1)) ** 2 * (1 + mpf(2) ** -20)
powers = list(range(7))
shape = lambda z: (2 * atanh(mp.sqrt(z)) - 2 * mp.sqrt(z)) / (mp.sqrt(z) * z)
weight = lambda z: z * mp.sqrt(z)
bottom = mpf(2) ** -48
report("log", remez(shape, powers, bottom, top, weight), shape, powers, bottom, top, weight)
