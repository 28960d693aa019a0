"""Talks to `bitgrad serve` with Triton's own client: python triton.py HOST:PORT EXPECTED.json

The file holds rows and what the library says of them. Every way must give the same bits.
"""

import json
import sys
from importlib.metadata import version

import numpy as np
from tritonclient.http import InferenceServerClient, InferInput, InferRequestedOutput
from tritonclient.utils import InferenceServerException

url, path = sys.argv[1:]
with open(path) as file:
    expected = json.load(file)
rows = expected["rows"]
client = InferenceServerClient(url)
checks = 0


def check(condition, what):
    global checks
    if not condition:
        sys.exit(f"failed: {what}")
    checks += 1


check(client.is_server_live(), "live")
check(client.is_server_ready(), "ready")
check(client.is_model_ready("things"), "model ready")
check(client.is_model_ready("things", "1"), "version ready")
check(not client.is_model_ready("nothing"), "no other model is ready")
check("binary_tensor_data" in client.get_server_metadata()["extensions"], "extensions")
metadata = client.get_model_metadata("things")
check(metadata["name"] == "things" and metadata["versions"] == ["1"], "metadata")
datatypes = {one["name"]: one["datatype"] for one in metadata["inputs"]}
check(datatypes == {"size": "FP64", "colour": "BYTES", "count": "FP64", "whole": "BYTES"}, "inputs")
datatypes.update(count="INT64", whole="BOOL")


def inputs_of(binary):
    values = {
        "size": np.array([row["size"] for row in rows], dtype=np.float64),
        "colour": np.array([row["colour"].encode() for row in rows], dtype=np.object_),
        "count": np.array([row["count"] for row in rows], dtype=np.int64),
        "whole": np.array([row["whole"] for row in rows], dtype=np.bool_),
    }
    inputs = []
    for name, datatype in datatypes.items():
        tensor = InferInput(name, [len(rows)], datatype)
        tensor.set_data_from_numpy(values[name], binary_data=binary)
        inputs.append(tensor)
    return inputs


wanted = np.array(expected["probabilities"], dtype=np.float32)
for binary_in in (True, False):
    for binary_out in (True, False):
        outputs = [
            InferRequestedOutput("probabilities", binary_data=binary_out),
            InferRequestedOutput("label", binary_data=binary_out),
        ]
        result = client.infer("things", inputs_of(binary_in), outputs=outputs, request_id="7")
        given = result.as_numpy("probabilities")
        check(given.dtype == np.float32 and given.tobytes() == wanted.tobytes(), "the same bits")
        labels = [one.decode() if isinstance(one, bytes) else one for one in result.as_numpy("label")]
        check(labels == expected["labels"], "labels")
        check(result.get_response()["id"] == "7", "the request's id")
check(client.infer("things", inputs_of(True)).as_numpy("probabilities").tobytes() == wanted.tobytes(), "all outputs")
pending = [client.async_infer("things", inputs_of(True), model_version="1") for _ in range(20)]
check(all(one.get_result().as_numpy("probabilities").tobytes() == wanted.tobytes() for one in pending), "many at a time")
for name, number in (("nothing", ""), ("things", "9")):
    try:
        client.infer(name, inputs_of(True), model_version=number)
        check(False, "an error")
    except InferenceServerException as error:
        check("no such" in str(error), "an error that says why")
print(f"tritonclient {version('tritonclient')}: {checks} checks passed")
