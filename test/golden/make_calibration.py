"""Writes calibration.json: the calibration error of small made-up predictions, by torchmetrics.

    pip install torch torchmetrics
    python test/golden/make_calibration.py

Predictions are patterns that the tests make again, so that they need not be stored.
"""
import json
import pathlib

import torch
from torchmetrics.functional.classification import multiclass_calibration_error

out = pathlib.Path(__file__).parent
count = 240


def predictions(sharpness):
    """Probabilities [count, 3] of weights that a power makes more or less sure, and labels [count]."""
    i = torch.arange(count, dtype=torch.float64)
    weights = torch.stack([(i * 37) % 101 + 1.37, (i * 53) % 89 + 1.19, (i * 71) % 97 + 1.53], dim=1)
    raised = weights**sharpness
    labels = ((i * i + i // 7) % 3).long()
    return raised / raised.sum(dim=1, keepdim=True), labels


cases = []
for sharpness in [1, 2, 4]:
    probabilities, labels = predictions(sharpness)
    confidence = probabilities.max(dim=1).values
    for bins in [10, 15]:
        # Which bin an edge belongs to is each library's own choice.
        assert ((confidence * bins - (confidence * bins).round()).abs() > 1e-6).all()
        error = multiclass_calibration_error(
            probabilities, labels, num_classes=3, n_bins=bins, norm="l1"
        )
        cases.append({"sharpness": sharpness, "bins": bins, "error": error.item()})
(out / "calibration.json").write_text(json.dumps({"count": count, "cases": cases}) + "\n")
