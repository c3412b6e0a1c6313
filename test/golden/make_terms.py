"""Golden values for the terms of the objective, made with PyTorch in float64.

Writes terms.json beside this file: for each term and its choices its value and the gradients of
cross-entropy plus 0.7 times the term, in one training step of the network of steps.json on its first
eight images. Needs torch (CPU) only. Each term is written from its definition, image by image.
"""
import json

import torch
import torch.nn.functional as F

from make_training import CAM_EPSILON, CLASSES, DISTANCE_EPSILON, HERE, Network, upsample

STORED = json.loads((HERE / "steps.json").read_text())
WEIGHT = 0.7
BATCH = STORED["batches"][0]
IMAGES = torch.tensor(STORED["images"])
LABELS = torch.tensor(STORED["labels"])
MASK = torch.tensor(STORED["masks"][0], dtype=torch.float64).reshape(len(BATCH), -1)


def distance(a, b, reduction):
    squared = (a - b).pow(2)
    return torch.sqrt((squared.sum() if reduction == "sum" else squared.mean()) + DISTANCE_EPSILON)


def triplet(given, distanceReduction, negative, margin):
    cam, x, y = given["cam"], given["x"], given["y"]
    losses = []
    for i in range(len(x)):
        behind = [(i + k) % len(x) for k in range(1, len(x))]
        others = [j for j in behind if y[j] != y[i]]
        if negative == "hardest":
            others.sort(key=lambda j: (cam[i] - x[j]).pow(2).sum().item())
        own = distance(cam[i], x[i], distanceReduction)
        losses.append(F.relu(own - distance(cam[i], x[others[0]], distanceReduction) + margin))
    return torch.stack(losses).mean()


def variational(given, beta, reduction):
    cam, x, activations = given["cam"], given["x"], given["activations"]
    pixels = F.binary_cross_entropy(0.01 + 0.98 * cam, x, reduction="none").flatten(1)
    reconstruction = (pixels.sum(1) if reduction == "sum" else pixels.mean(1)).mean()
    pooled = activations.mean((2, 3))
    code = torch.distributions.Normal(pooled.mean(0), (pooled.var(0, unbiased=False) + 1e-5).sqrt())
    unit = torch.distributions.Normal(torch.zeros(()), torch.ones(()))
    return reconstruction + beta * torch.distributions.kl_divergence(code, unit).sum()


def ssim(given):
    at = torch.arange(11) - 5.0
    line = torch.exp(-at.pow(2) / (2 * 1.5 ** 2))
    window = torch.outer(line, line)[None, None] / line.sum() ** 2
    a, b = given["cam"][:, None], given["x"][:, None]
    mean = lambda plane: F.conv2d(plane, window)
    ma, mb = mean(a), mean(b)
    va, vb, cov = mean(a * a) - ma ** 2, mean(b * b) - mb ** 2, mean(a * b) - ma * mb
    c1, c2 = 0.01 ** 2, 0.03 ** 2
    local = (2 * ma * mb + c1) * (2 * cov + c2) / ((ma ** 2 + mb ** 2 + c1) * (va + vb + c2))
    return (1 - local.mean((1, 2, 3))).mean()


def energy(given):
    losses = []
    for cam, x in zip(given["cam"], given["x"]):
        inside = x > 0.5
        assert inside.any()
        losses.append(1 - cam[inside].sum() / (cam.sum() + CAM_EPSILON))
    return torch.stack(losses).mean()


def prototype(given, distanceReduction):
    means = [IMAGES[LABELS == label].mean(0) for label in range(CLASSES)]
    pairs = zip(given["cam"], given["y"])
    return torch.stack([0.5 * distance(cam, means[y], distanceReduction) ** 2 for cam, y in pairs]).mean()


def batch_cam(given, distanceReduction):
    cam, y = given["cam"], given["y"]
    pairs = ((cam[i], cam[y == y[i]].mean(0)) for i in range(len(y)))
    return torch.stack([0.5 * distance(a, mean, distanceReduction) ** 2 for a, mean in pairs]).mean()


def right_reasons(given):
    x = given["x"].clone().requires_grad_()
    _, logits, _ = given["run"](x)
    slope, = torch.autograd.grad(logits.log_softmax(1).sum(), x, create_graph=True)
    return (slope.pow(2) * (x <= 0.5)).sum((1, 2)).mean()


def supcon(given, temperature):
    z = given["features"]
    z = z / torch.sqrt(z.pow(2).sum(1, keepdim=True) + DISTANCE_EPSILON)
    y, losses = given["y"], []
    for i in range(len(y)):
        positive = [p for p in range(len(y)) if p != i and y[p] == y[i]]
        others = torch.stack([z[i] @ z[a] / temperature for a in range(len(y)) if a != i])
        logs = [z[i] @ z[p] / temperature - others.logsumexp(0) for p in positive]
        losses.append(-torch.stack(logs).mean())
    return torch.stack(losses).mean()


TERMS = {
    "triplet": (triplet, [
        {"distanceReduction": "sum", "negative": "hardest", "margin": 3.0},
        {"distanceReduction": "mean", "negative": "next", "margin": 0.5},
    ]),
    "variational": (variational, [{"beta": 1.0, "reduction": "sum"}, {"beta": 0.25, "reduction": "mean"}]),
    "ssim": (ssim, [{}]),
    "l1": (lambda given: (given["cam"] - given["x"]).abs().mean(), [{}]),
    "l2": (lambda given: (given["cam"] - given["x"]).pow(2).mean(), [{}]),
    "energy": (energy, [{}]),
    "prototype": (prototype, [{"distanceReduction": "sum"}, {"distanceReduction": "mean"}]),
    "batchCam": (batch_cam, [{"distanceReduction": "sum"}]),
    "rightReasons": (right_reasons, [{}]),
    "supcon": (supcon, [{"temperature": 0.1}, {"temperature": 1.0}]),
}


def compute(name, settings, layer, full):
    network = Network({key: torch.tensor(value) for key, value in STORED["weights"].items()})
    x, y = IMAGES[BATCH], LABELS[BATCH]
    run = lambda images: network.forward_all(images, layer, MASK)
    activations, logits, features = run(x)
    slope, = torch.autograd.grad(logits.gather(1, y[:, None]).sum(), activations, create_graph=True)
    alpha = slope.mean((2, 3))[:, :, None, None]
    up = upsample(F.relu(((alpha if full else alpha.detach()) * activations).sum(1)), x.shape[1])
    cam = up / (up.amax((1, 2), keepdim=True) + CAM_EPSILON)
    given = dict(cam=cam, x=x, y=y, activations=activations, features=features, run=run)
    term = TERMS[name][0](given, **settings)
    loss = F.cross_entropy(logits, y) + WEIGHT * term
    loss.backward()
    return {
        "term": name, "settings": settings, "targetLayer": layer, "camGradient": "full" if full else "stopAlpha",
        "weight": WEIGHT, "value": term.item(), "loss": loss.item(),
        "gradients": {key: value.grad.tolist() for key, value in network.w.items()},
    }


def cases():
    for name, (_, choices) in TERMS.items():
        for settings in choices:
            yield compute(name, settings, "relu3", False)
        if name not in ("rightReasons", "supcon"):
            yield compute(name, choices[0], "relu2", True)


def write():
    value = {"about": "one step on batch 0 of steps.json; gradients of cross-entropy + weight * term", "cases": list(cases())}
    rounded = json.loads(json.dumps(value), parse_float=lambda text: float(f"{float(text):.7g}"))
    (HERE / "terms.json").write_text(json.dumps(rounded, separators=(",", ":")) + "\n")


write()
