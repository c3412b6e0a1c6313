"""Writes statistics.json: what SciPy and scikit-image say of small inputs.

    pip install numpy scipy scikit-image
    python test/golden/make_statistics.py

Images are whole-number patterns that the tests make again, so that they need not be stored.
"""
import itertools
import json
import pathlib

import numpy as np
from scipy import stats
from skimage.metrics import structural_similarity

out = pathlib.Path(__file__).parent


def pattern(size, k):
    """Rough texture, [size, size] in [0, 1]."""
    p = np.arange(size * size)
    return (((p * p * (2 * k + 3) + 17 * p * (k + 1)) % 256) / 255).reshape(size, size)


def disc(size, radius):
    """255 inside a centred disc, falling off outside it, over 255."""
    y, x = np.mgrid[:size, :size]
    d2 = (2 * y - size + 1) ** 2 + (2 * x - size + 1) ** 2
    return np.clip(255 - 10 * np.maximum(0, d2 - 4 * radius**2), 0, 255) / 255


def ssim(a, b):
    return structural_similarity(
        a, b, data_range=1, gaussian_weights=True, sigma=1.5, use_sample_covariance=False
    )


def ssim_cases():
    pairs = {
        "texture, texture": lambda s: (pattern(s, 0), pattern(s, 1)),
        "disc, texture": lambda s: (disc(s, 4), pattern(s, 2)),
        "disc, larger disc": lambda s: (disc(s, 3), disc(s, 5)),
        "disc, black": lambda s: (disc(s, 3), np.zeros((s, s))),
        "disc, itself": lambda s: (disc(s, 3), disc(s, 3)),
    }
    return [
        {"name": name, "size": size, "ssim": ssim(*make(size))}
        for name, make in pairs.items()
        for size in (11, 28, 33)
    ]


def mcnemar_cases():
    cases = []
    for only_a, only_b in [(0, 0), (0, 1), (5, 5), (3, 12), (20, 55), (0, 9), (400, 310)]:
        n = only_a + only_b
        interval = (
            stats.binomtest(only_b, n, 0.5).proportion_ci(0.95, method="exact") if n else None
        )
        cases.append(
            {
                "onlyA": only_a,
                "onlyB": only_b,
                "pValue": stats.binomtest(only_b, n, 0.5).pvalue if n else 1.0,
                "share": [interval.low, interval.high] if n else None,
            }
        )
    return cases


def exact_signed_rank(d):
    """Every sign of every non-zero difference, by brute force."""
    d = np.array([x for x in d if x != 0])
    ranks = stats.rankdata(np.abs(d))
    observed = min(ranks[d > 0].sum(), ranks[d < 0].sum())
    sums = [
        sum(r for r, s in zip(ranks, signs) if s)
        for signs in itertools.product([0, 1], repeat=len(d))
    ]
    return float(observed), min(1.0, 2 * float(np.mean([s <= observed for s in sums])))


samples = {
    "two": [0.5, 1.25],
    "three": [0.5, 0.25, -0.125],
    "six positive": [0.51, 0.49, 0.47, 0.55, 0.53, 0.5],
    "six mixed": [-0.3, 1.2, 0.4, 2.5, -0.1, 0.9],
    "ties": [1, -1, 2, 2, -2, 3, 4],
    "zeros and ties": [0, 0, 1, 1, -1, 2.5, 3, 0],
    "twelve": [1.83, 0.5, -0.92, 1.3, 0.13, -0.47, 0.88, 1.67, -0.26, 0.61, 2.2, 1.05],
}


def paired_cases():
    cases = []
    for name, d in samples.items():
        array = np.array(d, dtype=float)
        t = stats.ttest_1samp(array, 0)
        interval = t.confidence_interval(0.95)
        statistic, p = exact_signed_rank(d)
        if not len(set(np.abs(array))) < len(array) and 0 not in array:
            scipy = stats.wilcoxon(array, method="exact")
            assert np.isclose(scipy.pvalue, p) and np.isclose(scipy.statistic, statistic), name
        case = {
            "name": name,
            "differences": d,
            "t": t.statistic,
            "degrees": len(d) - 1,
            "tP": t.pvalue,
            "mean": array.mean(),
            "low": interval.low,
            "high": interval.high,
            "w": statistic,
            "wP": p,
            "cohensD": array.mean() / array.std(ddof=1),
        }
        cases.append({key: (v.item() if hasattr(v, "item") else v) for key, v in case.items()})
    return cases


def bootstrap_case():
    """SciPy's own paired bootstrap of a mean; another generator, so equal only up to its noise."""
    i = np.arange(400)
    d = ((i * i * 7 + 13 * i) % 101) / 100 - 0.42
    result = stats.bootstrap(
        (d,), np.mean, n_resamples=200_000, method="percentile", rng=np.random.default_rng(0)
    )
    interval = result.confidence_interval
    return {
        "low": interval.low.item(),
        "high": interval.high.item(),
        "standardError": result.standard_error.item(),
    }


def holm_cases():
    """SciPy has no Holm: by the definition, with NumPy."""
    cases = []
    for p in ([0.01, 0.04, 0.03, 0.005], [0.2, 0.9, 0.5], [0.001], [0.02, 0.02, 0.02]):
        order = np.argsort(p)
        scaled = [(len(p) - i) * p[j] for i, j in enumerate(order)]
        adjusted = np.empty(len(p))
        adjusted[order] = np.minimum(1, np.maximum.accumulate(scaled))
        cases.append({"pValues": p, "adjusted": adjusted.tolist()})
    return cases


document = {
    "ssim": ssim_cases(),
    "mcnemar": mcnemar_cases(),
    "paired": paired_cases(),
    "bootstrap": bootstrap_case(),
    "holm": holm_cases(),
    "tQuantiles": [[n, stats.t.ppf(0.975, n).item()] for n in (1, 2, 5, 11, 30, 31, 200)],
}
(out / "statistics.json").write_text(json.dumps(document, indent=1) + "\n")
