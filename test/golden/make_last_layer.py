"""The last layer of a network of prototypes at its optimum, found by SciPy in float64.

Writes last-layer.json beside this file. Needs numpy and scipy. The absolute values are taken apart into
positive and negative parts, which L-BFGS-B keeps from falling below 0.
"""
import json
import pathlib

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp

HERE = pathlib.Path(__file__).parent
IMAGES, CLASSES, PER_CLASS = 40, 3, 2
PROTOTYPES = CLASSES * PER_CLASS

labels = np.arange(IMAGES) % CLASSES
waves = np.sin(12.9898 * np.arange(1, IMAGES * PROTOTYPES + 1)).reshape(IMAGES, PROTOTYPES)
own = (np.arange(PROTOTYPES) // PER_CLASS)[:, None] == np.arange(CLASSES)[None]
# Images are more similar to prototypes of their class, most of them.
similarities = np.round(1 + 0.9 * waves + 0.1 * own.T[labels], 4)


def measure(parts, weight):
    kernel = (parts[0] - parts[1]).reshape(PROTOTYPES, CLASSES)
    logits = similarities @ kernel
    value = (logsumexp(logits, axis=1) - logits[np.arange(IMAGES), labels]).mean()
    slopes = np.exp(logits - logsumexp(logits, axis=1, keepdims=True))
    slopes[np.arange(IMAGES), labels] -= 1
    gradient = (similarities.T @ slopes / IMAGES).ravel()
    by = weight * ~own.ravel()
    return value + (by * (parts[0] + parts[1])).sum(), np.stack([gradient + by, by - gradient])


def optimum(weight):
    start = np.where(own, 1, -0.5).ravel()
    found = minimize(
        lambda flat: (lambda value, slope: (value, slope.ravel()))(*measure(flat.reshape(2, -1), weight)),
        np.concatenate([np.maximum(start, 0), np.maximum(-start, 0)]), jac=True, method="L-BFGS-B",
        bounds=[(0, None)] * (2 * start.size), options={"maxiter": 100000, "maxfun": 200000, "ftol": 1e-16, "gtol": 1e-10},
    )
    parts = found.x.reshape(2, -1)
    return {"sparsityWeight": weight, "start": measure(np.stack([np.maximum(start, 0), np.maximum(-start, 0)]), weight)[0],
            "optimum": found.fun, "zeros": int((np.abs(parts[0] - parts[1]) < 1e-6).sum())}


(HERE / "last-layer.json").write_text(json.dumps({
    "labels": labels.tolist(), "similarities": similarities.ravel().tolist(), "classes": CLASSES,
    "cases": [optimum(weight) for weight in (0.01, 0.1)],
}) + "\n")
