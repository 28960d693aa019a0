"""Makes metrics.json: predictions and what scikit-learn measures of them.

Usage: python metrics.py > metrics.json, with NumPy and scikit-learn (made with 1.7.2).
"""

import json

import numpy as np
from sklearn import metrics

generator = np.random.default_rng(7)


def classes(name, truth, scores):
    truth = np.asarray(truth)
    probabilities = np.asarray(scores, dtype=np.float32)
    count = probabilities.shape[1]
    predicted = probabilities.argmax(axis=1)
    ranked = [1] if count == 2 else [label for label in range(count) if (truth == label).any()]
    ranked = [label for label in ranked if 0 < (truth == label).sum() < len(truth)]

    def over(measure):
        values = [measure(truth == label, probabilities[:, label]) for label in ranked]
        return float(np.mean(values)) if values else None

    return {
        "name": name,
        "classes": count,
        "truth": truth.tolist(),
        "outputs": [float(value) for value in probabilities.ravel()],
        "expected": {
            "accuracy": metrics.accuracy_score(truth, predicted),
            "balancedAccuracy": float(metrics.balanced_accuracy_score(truth, predicted)),
            "macroF1": metrics.f1_score(truth, predicted, average="macro", zero_division=0),
            "rocAuc": over(metrics.roc_auc_score),
            "averagePrecision": over(metrics.average_precision_score),
        },
    }


def numbers(name, truth, predicted):
    truth, predicted = np.float32(truth), np.float32(predicted)
    return {
        "name": name,
        "width": truth.shape[1],
        "truth": [float(value) for value in truth.ravel()],
        "outputs": [float(value) for value in predicted.ravel()],
        "expected": {
            "r2": metrics.r2_score(truth.astype(float), predicted.astype(float)),
            "rmse": float(metrics.root_mean_squared_error(truth.astype(float), predicted.astype(float))),
            "mae": metrics.mean_absolute_error(truth.astype(float), predicted.astype(float)),
        },
    }


def labels(name, truth, probabilities):
    truth, probabilities = np.asarray(truth), np.float32(probabilities)
    predicted = probabilities > np.float32(0.5)
    columns = range(truth.shape[1])
    ranked = [j for j in columns if 0 < truth[:, j].sum() < len(truth)]
    return {
        "name": name,
        "labels": truth.shape[1],
        "truth": truth.ravel().tolist(),
        "outputs": [float(value) for value in probabilities.ravel()],
        "expected": {
            "accuracy": 1 - metrics.hamming_loss(truth, predicted),
            "balancedAccuracy": float(
                np.mean([metrics.balanced_accuracy_score(truth[:, j], predicted[:, j]) for j in columns])
            ),
            "macroF1": metrics.f1_score(truth, predicted, average="macro", zero_division=0),
            "rocAuc": metrics.roc_auc_score(truth[:, ranked], probabilities[:, ranked], average="macro"),
            "averagePrecision": metrics.average_precision_score(
                truth[:, ranked], probabilities[:, ranked], average="macro"
            ),
            "subsetAccuracy": metrics.accuracy_score(truth, predicted),
        },
    }


def softmax(logits):
    powers = np.exp(logits)
    return powers / powers.sum(axis=1, keepdims=True)


truth = generator.integers(0, 2, 41)
uneven = generator.choice(5, 60, p=[0.7, 0.2, 0.06, 0.04, 0])
other = np.random.default_rng(8)
flags = (other.random((37, 3)) < [0.5, 0.3, 0.1]).astype(int)
rare = (other.random((25, 3)) < [0.5, 0.3, 0]).astype(int)
cases = [
    classes("two classes", truth, softmax(generator.normal(size=(41, 2)) + np.eye(2)[truth])),
    classes("equal scores", truth, np.round(softmax(generator.normal(size=(41, 2))), 1)),
    classes("five classes, one that never occurs", uneven, softmax(generator.normal(size=(60, 5)) + np.eye(5)[uneven])),
    classes("always the commonest", uneven, np.tile(np.eye(5)[0], (60, 1))),
    classes("all right", [0, 1, 2, 1], np.eye(3)[[0, 1, 2, 1]]),
    numbers("one output", generator.normal(5, 2, (33, 1)), generator.normal(5, 2, (33, 1))),
    numbers("three outputs", generator.normal(0, [1, 10, 1e6], (33, 3)), generator.normal(0, [1, 10, 1e6], (33, 3))),
    labels("three labels", flags, 1 / (1 + np.exp(-other.normal(2 * flags - 1, 1.5)))),
    labels("labels with one that never occurs", rare, 1 / (1 + np.exp(-other.normal(2 * rare - 1, 2)))),
    numbers("always 2", [[1], [2], [6]], [[2], [2], [2]]),
]
print(json.dumps(cases, indent=1))
