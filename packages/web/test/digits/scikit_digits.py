"""Writes scikit-learn's digits to stdout: a label, then 8 by 8 values from 0 to 16, a byte each."""

import sys

from sklearn.datasets import load_digits

digits = load_digits()
for label, image in zip(digits.target, digits.data):
    sys.stdout.buffer.write(bytes([label, *(int(value) for value in image)]))
