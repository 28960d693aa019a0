"""Writes scikit-learn's 1,797 digits of 8×8 pixels to the standard output.

For each digit 65 bytes: its pixels, row by row, from 0 (ground) to 16 (ink), then its label.
"""

import sys

from sklearn.datasets import load_digits

digits = load_digits()
for image, label in zip(digits.images, digits.target):
    sys.stdout.buffer.write(bytes(image.astype("uint8").ravel()) + bytes([label]))
