"""Scores scikit-learn on the splits that Bitgrad trained on.

Reads lines of JSON (table, label, task, seed, and the rows of each part), writes lines of JSON: for the dummy, the linear
model (ridge or logistic regression) and the MLP the score on the validation and on the test part, accuracy or R².
Features are standardised, one-hot and imputed by pipelines that are fitted on the training part alone.
"""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

warnings.filterwarnings("ignore")


def features(frame):
    numbers = [name for name in frame if pd.api.types.is_numeric_dtype(frame[name])]
    others = [name for name in frame if name not in numbers]
    for name in others:
        frame[name] = frame[name].astype(object).where(frame[name].notna(), "missing").astype(str)
    return ColumnTransformer(
        [
            ("numbers", make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler()), numbers),
            ("others", OneHotEncoder(handle_unknown="ignore", max_categories=101), others),
        ],
        sparse_threshold=0,
    )


def models(task, seed):
    if task == "regression":
        mlp = MLPRegressor(max_iter=500, random_state=seed)
        return {
            "dummy": DummyRegressor(),
            "linear": Ridge(),
            "mlp": TransformedTargetRegressor(mlp, transformer=StandardScaler()),
        }
    return {
        "dummy": DummyClassifier(),
        "linear": LogisticRegression(max_iter=1000),
        "mlp": MLPClassifier(max_iter=500, random_state=seed),
    }


def scores(folder, job):
    frame = pd.read_csv(Path(folder) / job["file"], low_memory=False)
    target = frame[job["label"]]
    target = target.astype(float) if job["task"] == "regression" else target.astype(str)
    inputs = frame.drop(columns=[job["label"]])
    inputs = inputs.loc[:, inputs.notna().any()]
    parts = {part: np.array(job[part], dtype=int) for part in ("train", "validation", "test")}
    result = {key: job[key] for key in ("name", "seed", "task")}
    for name, model in models(job["task"], job["seed"]).items():
        pipeline = make_pipeline(features(inputs), model)
        pipeline.fit(inputs.iloc[parts["train"]], target.iloc[parts["train"]])
        result[name] = {
            part: float(pipeline.score(inputs.iloc[rows], target.iloc[rows]))
            for part, rows in parts.items()
            if part != "train" and len(rows) > 1
        }
    return result


def main(folder):
    for line in sys.stdin:
        print(json.dumps(scores(folder, json.loads(line))), flush=True)


main(sys.argv[1])
