"""Writes audit.json: what Quantus, SciPy and scikit-image say of small maps.

    pip install quantus==0.6.0 torch==2.8.0 scipy==1.17.1 scikit-image==0.26.0
    python test/golden/make_audit.py

Images, maps and the linear network follow from whole-number patterns that the tests make again.
"""
import json
import pathlib
import warnings

import numpy as np
import quantus
import torch
from quantus.functions.perturb_func import noisy_linear_imputation
from quantus.functions.similarity_func import correlation_spearman
from scipy.ndimage import gaussian_filter
from skimage.filters import sobel

warnings.filterwarnings("ignore")
torch.set_default_dtype(torch.float64)
out = pathlib.Path(__file__).parent
size, classes = 8, 3


def pattern(n, k):
    """Rough texture, [n] in [0, 1]; a prime, so that no two of its values are alike."""
    p = np.arange(n)
    return ((p + 1) * (387 + 58 * k) % 1009) / 1009


images = [pattern(size * size, k).reshape(size, size) for k in range(3)]
maps = [pattern(size * size, k + 3).reshape(size, size) - 0.3 for k in range(3)]
masks = [(image > 0.5).astype(float) for image in images]
weights = pattern(size * size * classes, 7).reshape(classes, size * size) - 0.5
model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(size * size, classes))
model[1].weight.data = torch.tensor(weights * 2)
model[1].bias.data = torch.zeros(classes)
model.eval()
targets = [int(np.argmax(weights @ image.ravel())) for image in images]

x = np.stack(images)[:, None]
a = np.stack(maps)[:, None]
s = np.stack(masks)[:, None]
y = np.array(targets)
quiet = dict(disable_warnings=True, display_progressbar=False)


def run(metric, attributions=a, **more):
    scores = metric(model=model, x_batch=x, y_batch=y, a_batch=attributions, s_batch=s,
                    channel_first=True, device="cpu", **more)
    return np.asarray(scores).tolist()


class MaskedRoad(quantus.ROAD):
    """Says of each image whether its class is still predicted, instead of their share."""

    def custom_postprocess(self, **_):
        self.evaluation_scores = self.evaluation_scores[0].tolist()


def flip(baseline):
    """The class's probability with one pixel more replaced at each step."""
    return run(quantus.PixelFlipping(features_in_step=1, perturb_baseline=baseline, **quiet), softmax=True)


class Steps:
    """Noise of one sign for each pixel, drawn by patterns: the same on both sides."""

    def __init__(self):
        self.count = 0

    def __call__(self, arr, indices, **_):
        noise = (pattern(arr.size, 20 + self.count) * 2 - 1) * 0.1
        self.count += 1
        return arr + noise.reshape(arr.shape)


def squares(model, inputs, targets, **_):
    """A map that a changed image changes."""
    return np.asarray(inputs) ** 2 - 0.2 * np.asarray(inputs)


positive = np.maximum(a, 0)
removed = [np.argsort(-m.ravel())[: int(size * size * share)] for m, share in zip(maps, (0.3, 0.5, 0.9))]
golden = {
    "targets": targets,
    "entropy": run(quantus.Complexity(abs=True, normalise=False, **quiet)),
    "gini": run(quantus.Sparseness(abs=True, normalise=False, **quiet)),
    "pointing": run(quantus.PointingGame(abs=False, normalise=False, **quiet), positive),
    "energyInside": run(quantus.RelevanceMassAccuracy(abs=False, normalise=False, **quiet), positive),
    "topInside": run(quantus.RelevanceRankAccuracy(abs=False, normalise=False, **quiet)),
    "deletionBlack": flip(0.0),
    "deletionMean": flip(0.25),
    "imputed": [noisy_linear_imputation(image[None], indices, noise=0)[0].tolist()
                for image, indices in zip(images, removed)],
    "road": run(MaskedRoad(noise=0, percentages=[10, 30, 50, 70, 90], abs=False, normalise=False, **quiet)),
    "roadLeast": run(MaskedRoad(noise=0, percentages=[10, 30, 50, 70, 90], abs=False, normalise=False, **quiet), -a),
    "maxSensitivity": run(
        quantus.MaxSensitivity(nr_samples=4, perturb_func=Steps(), abs=False, normalise=False, **quiet),
        squares(None, x, None), explain_func=squares),
    "spearman": [float(correlation_spearman(np.abs(maps[i]).ravel(), images[i].round(1).ravel())) for i in range(3)],
    "sobel": [sobel(image).tolist() for image in images],
    "blur": [gaussian_filter(image, 1.3, truncate=3).tolist() for image in images],
}
golden["versions"] = {"quantus": quantus.__version__}
(out / "audit.json").write_text(json.dumps(golden) + "\n")
