"""Talks to `bitgrad serve` with KServe's own client: python kserve_client.py HOST:PORT EXPECTED.json

What the server answers must be what KServe's data models of the Open Inference Protocol say it is, and every way
must give the bits that the library gave.
"""

import asyncio
import json
import sys
from importlib.metadata import version

import httpx
import numpy as np
from kserve import InferenceRESTClient, InferInput, InferRequest, RESTConfig
from kserve.protocol.infer_type import RequestedOutput
from kserve.protocol.rest import v2_datamodels as protocol

url, path = f"http://{sys.argv[1]}", sys.argv[2]
with open(path) as file:
    expected = json.load(file)
rows = expected["rows"]
wanted = np.array(expected["probabilities"], dtype=np.float32)
checks = 0


def check(condition, what):
    global checks
    if not condition:
        sys.exit(f"failed: {what}")
    checks += 1


def column(name, datatype):
    values = [row[name] for row in rows]
    if datatype == "BYTES":
        return np.array([value.encode() for value in values], dtype=np.object_)
    return np.array(values, dtype={"FP64": np.float64, "FP32": np.float32, "INT64": np.int64, "BOOL": np.bool_}[datatype])


def request(binary_in, binary_out, **datatypes):
    inputs = []
    for name, datatype in {"size": "FP64", "colour": "BYTES", "count": "INT64", "whole": "BOOL", **datatypes}.items():
        tensor = InferInput(name, [len(rows)], datatype)
        tensor.set_data_from_numpy(column(name, datatype), binary_data=binary_in)
        inputs.append(tensor)
    outputs = [RequestedOutput(name, parameters={"binary_data": binary_out}) for name in ("probabilities", "label")]
    return InferRequest("things", inputs, request_id="7", request_outputs=outputs)


async def main():
    client = InferenceRESTClient(RESTConfig(protocol="v2", retries=0))
    check(await client.is_server_live(url), "live")
    check(await client.is_server_ready(url), "ready")
    check(await client.is_model_ready(url, "things"), "model ready")
    check(not await client.is_model_ready(url, "nothing"), "no other model is ready")
    for binary_in in (True, False):
        for binary_out in (True, False):
            for count in ("INT64", "FP32", "FP64"):
                answer = await client.infer(url, request(binary_in, binary_out, count=count), model_name="things")
                given = {output.name: output.as_numpy() for output in answer.outputs}
                check(given["probabilities"].dtype == np.float32, "the datatype")
                check(given["probabilities"].tobytes() == wanted.tobytes(), "the same bits")
                labels = [one.decode() if isinstance(one, bytes) else one for one in given["label"]]
                check(labels == expected["labels"], "labels")
                check(answer.id == "7" and answer.model_name == "things", "the request's id")
    for name, data, status in (("nothing", request(True, True), 404), ("things", {"inputs": []}, 400)):
        try:
            await client.infer(url, data, model_name=name)
            check(False, "an error")
        except httpx.HTTPStatusError as error:
            check(error.response.status_code == status and "error" in error.response.json(), "an error that says why")
    await client.close()

    first = InferenceRESTClient(RESTConfig(protocol="v1", retries=0))
    check(await first.is_model_ready(url, "things"), "model ready, version 1")
    answer = await first.infer(url, {"instances": rows}, model_name="things")
    check(np.array(answer["predictions"], dtype=np.float32).tobytes() == wanted.tobytes(), "the same bits, version 1")
    await first.close()

    models = {
        "/v2": protocol.ServerMetadataResponse,
        "/v2/health/live": protocol.ServerLiveResponse,
        "/v2/health/ready": protocol.ServerReadyResponse,
        "/v2/models/things": protocol.ModelMetadataResponse,
        "/v2/models/things/versions/1": protocol.ModelMetadataResponse,
        "/v2/models/things/ready": protocol.ModelReadyResponse,
        "/v2/models/things/versions/1/ready": protocol.ModelReadyResponse,
    }
    async with httpx.AsyncClient(base_url=url) as http:
        for page, model in models.items():
            answer = await http.get(page)
            model.model_validate(answer.json())
            check(answer.status_code == 200, page)
        body, _ = request(False, False).to_rest()
        answer = await http.post("/v2/models/things/infer", json=body)
        protocol.InferenceResponse.model_validate(answer.json())
        check(answer.status_code == 200, "infer")


asyncio.run(main())
print(f"kserve {version('kserve')}: {checks} checks passed")
