"""Prints weightsSha256 of a model file, computed from nothing but the file's layout."""

import hashlib
import json
import struct
import sys

data = open(sys.argv[1], "rb").read()
(header_length,) = struct.unpack("<Q", data[:8])
tensors = json.loads(data[8 : 8 + header_length])
tensors.pop("__metadata__")
digest = hashlib.sha256()
for layer in range(len(tensors) // 2):
    for name in (f"layers.{layer}.weight", f"layers.{layer}.bias"):
        begin, end = (8 + header_length + offset for offset in tensors[name]["data_offsets"])
        digest.update(data[begin:end])
print(digest.hexdigest())
