"""The same network behind FastAPI and scikit-learn: python fastapi_server.py MODEL.json PORT WORKERS."""

import json
import os
import sys

import numpy as np
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
from sklearn.neural_network import MLPClassifier


def load(path):
    """The scikit-learn classifier that a model, exported as JSON, is."""
    with open(path) as file:
        model = json.load(file)
    layers = model["layers"]
    widths = [layer["outputs"] for layer in layers]
    classifier = MLPClassifier(hidden_layer_sizes=widths[:-1], activation="relu", max_iter=1)
    # Fitting gives it its shapes; the weights are then the model's.
    rows = np.zeros((widths[-1], layers[0]["inputs"]))
    classifier.partial_fit(rows, np.arange(widths[-1]), classes=np.arange(widths[-1]))
    classifier.coefs_ = [np.array(layer["weight"], dtype=np.float32) for layer in layers]
    classifier.intercepts_ = [np.array(layer["bias"], dtype=np.float32) for layer in layers]
    mean = np.array(model["input"]["mean"], dtype=np.float32)
    deviation = np.array(model["input"]["deviation"], dtype=np.float32)
    return lambda rows: classifier.predict_proba((rows - mean) / deviation)


class Request(BaseModel):
    instances: list[list[float]]


app = FastAPI()
predict = load(os.environ["BITGRAD_BENCH_MODEL"]) if "BITGRAD_BENCH_MODEL" in os.environ else None


@app.post("/predict")
async def answer(request: Request):
    rows = np.array(request.instances, dtype=np.float32)
    return {"predictions": predict(rows).tolist()}


if __name__ == "__main__":
    os.environ["BITGRAD_BENCH_MODEL"] = sys.argv[1]
    os.environ["PYTHONWARNINGS"] = "ignore"
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    uvicorn.run(
        "fastapi_server:app",
        port=int(sys.argv[2]),
        workers=int(sys.argv[3]),
        log_level="error",
        access_log=False,
    )
