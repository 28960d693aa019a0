"""The trainings whose digests are pinned, and the synthetic data that they learn from."""

from contract import Stream, f32

DEFAULTS = {
    "name": "",
    "subset": None,
    "split": None,
    "preprocess": "binarize",
    "layers": [],
    "activation": "relu",
    "outputActivation": "none",
    "initializer": "xavier",
    "optimizer": "sgd",
    "learningRate": 0.1,
    "schedule": "constant",
    "l2": 0,
    "batchSize": 32,
    "epochs": 3,
    "seed": 1,
    "augment": "none",
    "trainOnValidation": False,
}

DIGITS = {"seed": 11, "kind": "bytes", "features": 49, "image": [7, 7], "classes": 10, "trainCount": 203, "testCount": 60}
NUMBERS = {"seed": 13, "kind": "table", "features": 9, "image": None, "classes": 7, "outputs": 3, "trainCount": 120, "testCount": 31}
FLAGS = {"seed": 14, "kind": "table", "features": 9, "image": None, "classes": 7, "outputs": 3, "flags": True, "trainCount": 120, "testCount": 31}
TABLE = {"seed": 12, "kind": "table", "features": 13, "image": None, "classes": 3, "trainCount": 150, "testCount": 41}


def make_dataset(spec):
    """Prototypes of each class with noise; see `makeDataset` in ../src/dataset.ts."""
    stream = Stream(spec["seed"], "weights", 0xDA7A)
    is_bytes = spec["kind"] == "bytes"
    features, classes = spec["features"], spec["classes"]

    def prototype_value():
        if not is_bytes:
            return stream.normal()
        return stream.below(256) if stream.below(3) == 0 else 0

    def noisy(value):
        if not is_bytes:
            return f32(value + f32(f32(0.5) * stream.normal()))
        return stream.below(256) if stream.below(8) == 0 else value

    outputs = spec.get("outputs", 0)
    prototypes = [[prototype_value() for _ in range(features)] for _ in range(classes)]
    target_value = (lambda: f32(stream.below(2))) if spec.get("flags") else stream.normal
    values = [[target_value() for _ in range(outputs)] for _ in range(classes)]
    inputs, targets = [], []
    for _ in range(spec["trainCount"] + spec["testCount"]):
        label = stream.below(classes)
        targets.append(values[label] if outputs else label)
        inputs.append([noisy(value) for value in prototypes[label]])
    return {**spec, "inputs": inputs, "targets": targets}


def training(name, dataset, widths, **changes):
    layers = [dataset["features"], *widths, dataset.get("outputs") or dataset["classes"]]
    recipe = {**DEFAULTS, "name": name, "layers": layers, **changes}
    return {"recipe": recipe, "dataset": dataset}


TRAININGS = [
    training("relu, batches of 1", DIGITS, [16], batchSize=1, learningRate=0.05),
    training("relu, batches of 7", DIGITS, [17], batchSize=7, seed=2),
    training("relu, batches of 32, cosine, shifted", DIGITS, [32], learningRate=0.2, schedule="cosine", augment="shift:1"),
    training("relu, batches of 100, he", DIGITS, [33], batchSize=100, initializer="he", seed=3),
    training("relu, one batch of all, larger than the data", DIGITS, [15], batchSize=1000, learningRate=0.5),
    training("sigmoid, batches of 1", DIGITS, [12], activation="sigmoid", batchSize=1),
    training("sigmoid, batches of 7, step schedule", DIGITS, [16], activation="sigmoid", batchSize=7, schedule="step:1,0.7", learningRate=1.0),
    training("tanh, batches of 32, l2", DIGITS, [16], activation="tanh", l2=1e-3),
    training("tanh, batches of 100, cosine", DIGITS, [31], activation="tanh", batchSize=100, schedule="cosine", learningRate=0.4),
    training("leaky-relu, batches of 13, normal", DIGITS, [16], activation="leaky-relu", batchSize=13, initializer="normal:0.1"),
    training("elu, batches of 7, l2", DIGITS, [16], activation="elu", batchSize=7, l2=0.01),
    training("elu, batches of 32, scaled", DIGITS, [20], activation="elu", preprocess="scale"),
    training("no hidden layer", DIGITS, [], batchSize=9),
    training("no hidden layer, l2, scaled", DIGITS, [], batchSize=64, l2=0.05, preprocess="scale"),
    training("two hidden layers, relu", DIGITS, [24, 16], batchSize=11, initializer="he"),
    training("two hidden layers, sigmoid, l2", DIGITS, [10, 9], activation="sigmoid", l2=1e-4, batchSize=5, learningRate=0.5),
    training("three hidden layers, tanh", DIGITS, [17, 7, 15], activation="tanh", batchSize=10),
    training("three hidden layers, elu, widths of 1", DIGITS, [8, 1, 8], activation="elu", batchSize=3, epochs=2),
    training("output relu, as listing", DIGITS, [16], outputActivation="relu", initializer="normal:0.1", batchSize=1, learningRate=0.05, split=[0.7, 0.15, 0.15], trainOnValidation=True),
    training("split and subset, as seed", DIGITS, [16], batchSize=1, learningRate=0.05, subset=180, split=[0.7, 0.15, 0.15]),
    training("split, validation trained on, batches of 7", DIGITS, [16], batchSize=7, split=[0.5, 0.25, 0.25], trainOnValidation=True, augment="shift:2"),
    training("subset of the training samples", DIGITS, [16], subset=77, batchSize=10, seed=9007199254740991),
    training("scaled, shifted, seed 0", DIGITS, [16], preprocess="scale", augment="shift:1", batchSize=6, seed=0),
    training("table, relu", TABLE, [16], preprocess="none", batchSize=7),
    training("table, tanh, step schedule", TABLE, [9, 5], preprocess="none", activation="tanh", batchSize=1, schedule="step:2,0.5", learningRate=0.03),
    training("table, leaky-relu, l2, split", TABLE, [65], preprocess="none", activation="leaky-relu", l2=2e-3, batchSize=19, split=[0.6, 0.2, 0.2]),
    training("subnormal weights and updates", DIGITS, [8], batchSize=50, learningRate=1e-36, initializer="normal:1e-37", epochs=2),
    training("momentum, l2", DIGITS, [16], optimizer="momentum", learningRate=0.05, l2=1e-3, batchSize=10),
    training("nesterov, cosine, warm-up", DIGITS, [17, 9], optimizer="nesterov", momentum=0.8, schedule="cosine", warmup=12, batchSize=13),
    training("adam, l2", DIGITS, [16], optimizer="adam", learningRate=0.01, l2=1e-3, batchSize=7),
    training("adamw, warm-up, scaled", DIGITS, [15], optimizer="adamw", learningRate=0.01, weightDecay=0.05, warmup=5, preprocess="scale"),
    training("dropout", DIGITS, [33, 16], dropout=0.3, activation="tanh", batchSize=11),
    training("dropout of a sigmoid, adam, seed past 2^32", DIGITS, [18], dropout=0.5, activation="sigmoid", optimizer="adam", learningRate=0.01, batchSize=9, seed=2**40 + 5),
    training("affine maps, scaled", DIGITS, [16], augment="affine", preprocess="scale", batchSize=8),
    training("affine maps, binarised, momentum", DIGITS, [16], augment="affine", optimizer="momentum", learningRate=0.02, batchSize=1, epochs=2),
    training("balanced classes", DIGITS, [16], classWeights="balanced", batchSize=12),
    training("weighted classes, table", TABLE, [9], classWeights=[1, 0.25, 3], preprocess="none", batchSize=10),
    training("three shards", DIGITS, [16], shards=3, batchSize=32),
    training("seven shards of five rows, adam", DIGITS, [16, 8], shards=7, batchSize=5, optimizer="adam", learningRate=0.01),
    training("standardised table", TABLE, [16], preprocess="none", standardize=True, batchSize=16),
    training("numbers, squared error", NUMBERS, [16], preprocess="none", loss="squared-error", batchSize=10, learningRate=0.05, activation="tanh"),
    training("numbers, no hidden layer, standardised, nesterov", NUMBERS, [], preprocess="none", loss="squared-error", standardize=True, batchSize=7, optimizer="nesterov", learningRate=0.01),
    training("yes and no, binary cross-entropy, adam", FLAGS, [16], preprocess="none", loss="binary-cross-entropy", batchSize=10, optimizer="adam", learningRate=0.01, activation="tanh"),
    training("yes and no, no hidden layer, large steps, shards", FLAGS, [], preprocess="none", loss="binary-cross-entropy", batchSize=7, learningRate=20, shards=2),
    training("early stopping", DIGITS, [16], split=[0.5, 0.2, 0.3], patience=1, epochs=9, learningRate=0.9, batchSize=1, activation="tanh"),
]
