"""Golden values for ties and for whole training steps, made with PyTorch in float64.

Writes ties.json and steps.json beside this file. Needs torch (CPU) only. Layouts are TensorFlow's, as
in make_golden.py: images and activations NHWC, conv kernels HWIO, dense kernels [in, out].
"""
import json
import pathlib

import torch
import torch.nn.functional as F

HERE = pathlib.Path(__file__).parent
torch.set_default_dtype(torch.float64)
DISTANCE_EPSILON = 2.718281828459045 ** -22
CAM_EPSILON = 1e-7


def write(name, value):
    rounded = json.loads(json.dumps(value), parse_float=lambda text: float(f"{float(text):.9g}"))
    (HERE / name).write_text(json.dumps(rounded, separators=(",", ":")) + "\n")


def upsample(cam_map, size):
    """[B, h, h] -> U [B, size, size], not yet divided by its maximum."""
    up = F.interpolate(cam_map[:, None], size=(size, size), mode="bicubic", align_corners=False)
    return up.clamp_min(0)[:, 0]


def contrastive_term(activations, alpha, images, reduction, similar, margin):
    """activations [B, K, h, h], alpha [B, K], images [B, S, S] -> (LL, U)."""
    cam_map = F.relu((alpha[:, :, None, None] * activations).sum(1))
    up = upsample(cam_map, images.shape[1])
    cam = up / (up.amax((1, 2), keepdim=True) + CAM_EPSILON)
    squared = (cam - images).pow(2).flatten(1)
    squared = squared.sum(1) if reduction == "sum" else squared.mean(1)
    distance = torch.sqrt(squared + DISTANCE_EPSILON)
    pair = 0.5 * (similar * distance ** 2 + (1 - similar) * F.relu(margin - distance) ** 2)
    return pair.mean(), up


def count_tied(up):
    peak = up.amax((1, 2), keepdim=True)
    return int((((up == peak).sum((1, 2)) > 1) & (peak[:, 0, 0] > 0)).sum())


def ties():
    """Maps whose maxima are tied exactly, in any precision: every number has few binary digits."""
    patterns = {
        "twoPeaks": [[0, 0, 0, 0], [0, 2, 0, 0], [0, 0, 0, 2], [0, 0, 0, 0]],
        "onePeak": [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 4, 0], [0, 0, 0, 0]],
        "plateau": [[0, 0, 0, 0], [0, 1, 1, 0], [0, 1, 1, 0], [0, 0, 0, 0]],
        "saturated": [[1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]],
        "negative": [[0, 0, 0, 0], [0, 2, 0, 0], [0, 0, 0, 2], [0, 0, 0, 0]],
        "silent": [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]],
        "ordinary": [[0, 0, 1, 0], [0, 2, 1, 0], [0, 1, 1, 1], [1, 0, 0, 0]],
    }
    labels = torch.tensor([1 if name == "negative" else 0 for name in patterns])
    first = torch.tensor(list(patterns.values()), dtype=torch.float64)
    activations = torch.stack([first, 0 * first], 1)
    head_weights = torch.tensor([[1.0, -1.0], [0.5, 0.25]])
    size = 8
    count = len(patterns) * size * size
    images = ((torch.arange(count) * 5) % 16).reshape(len(patterns), size, size) / 16

    def head(a):
        return a.pow(2).mean((2, 3)) @ head_weights

    cases = []
    for gradient in ("stopAlpha", "full"):
        for reduction in ("sum", "mean"):
            for similar in ([1] * 7, [1, 0, 1, 0, 1, 0, 1]):
                a = activations.clone().requires_grad_()
                logits = head(a)
                score = logits.gather(1, labels[:, None]).sum()
                slope, = torch.autograd.grad(score, a, create_graph=True)
                alpha = slope.mean((2, 3))
                alpha = alpha if gradient == "full" else alpha.detach()
                margin = 5.0 if reduction == "sum" else 1.0
                y = torch.tensor(similar, dtype=torch.float64)
                term, up = contrastive_term(a, alpha, images, reduction, y, margin)
                total = F.cross_entropy(logits, labels) + 0.7 * term
                slope, = torch.autograd.grad(total, a)
                assert count_tied(up) == 4
                cases.append({
                    "camGradient": gradient, "distanceReduction": reduction, "similar": similar,
                    "margin": margin, "camWeight": 0.7, "contrastive": term.item(), "total": total.item(),
                    "gradient": slope.permute(0, 2, 3, 1).tolist(),
                })
    write("ties.json", {
        "about": "activations [7,4,4,2], images [7,8,8], head: mean over positions of the squares, times "
                 "`head` [2,2]; gradients of `total` by the activations",
        "names": list(patterns), "labels": labels.tolist(), "head": head_weights.tolist(),
        "activations": activations.permute(0, 2, 3, 1).tolist(), "images": images.tolist(), "cases": cases,
    })


SIZE, CHANNELS, HIDDEN, CLASSES, COUNT, STEPS = 16, (4, 6, 8), 10, 3, 24, 10
FEATURES = (SIZE // 8) ** 2 * CHANNELS[-1]
LAYERS = [f"{kind}{block}" for block in (1, 2, 3) for kind in ("conv", "bn", "relu", "pool")]


def shapes():
    inputs = 1
    for block, outputs in enumerate(CHANNELS, 1):
        yield f"conv{block}/kernel", (3, 3, inputs, outputs), 9 * inputs
        yield f"conv{block}/bias", (outputs,), 9 * inputs
        yield f"bn{block}/gamma", (outputs,), None
        yield f"bn{block}/beta", (outputs,), None
        inputs = outputs
    yield "dense1/kernel", (FEATURES, HIDDEN), FEATURES
    yield "dense1/bias", (HIDDEN,), FEATURES
    yield "dense2/kernel", (HIDDEN, CLASSES), HIDDEN
    yield "dense2/bias", (CLASSES,), HIDDEN


def initial_weights(generator):
    weights = {}
    for name, shape, fan_in in shapes():
        if fan_in is None:
            weights[name] = torch.full(shape, 1.0 if name.endswith("gamma") else 0.0)
        else:
            bound = fan_in ** -0.5
            weights[name] = ((torch.rand(shape, generator=generator) * 2 - 1) * bound).round(decimals=5)
    return weights


def strokes(generator):
    """Bright bars on black, in a direction that depends on the class, as digits are bright on black."""
    images = torch.zeros(COUNT, SIZE, SIZE)
    for i in range(COUNT):
        at = 3 + int(torch.randint(0, 9, (1,), generator=generator))
        level = 0.55 + 0.4 * torch.rand((), generator=generator)
        for step in range(3, 13):
            y, x = ((at, step), (step, at), (step, (step + at) % SIZE))[i % 3]
            images[i, y, x] = level
            images[i, min(y + 1, SIZE - 1), x] = level * 0.6
    return images.round(decimals=3)


class Network:
    """The network in both modes; statistics as PyTorch's batch norm keeps them (momentum 0.1)."""

    def __init__(self, weights):
        self.w = {name: value.clone().requires_grad_() for name, value in weights.items()}
        self.statistics = {}
        for block, outputs in enumerate(CHANNELS, 1):
            self.statistics[f"bn{block}/mean"] = torch.zeros(outputs)
            self.statistics[f"bn{block}/variance"] = torch.ones(outputs)

    def layer(self, x, name, training):
        kind, block = name[:-1], name[-1]
        if kind == "conv":
            kernel = self.w[f"{name}/kernel"].permute(3, 2, 0, 1)
            return F.conv2d(x, kernel, self.w[f"{name}/bias"], padding=1)
        if kind == "bn":
            return F.batch_norm(x, self.statistics[f"{name}/mean"], self.statistics[f"{name}/variance"],
                                self.w[f"{name}/gamma"], self.w[f"{name}/beta"],
                                training=training, momentum=0.1, eps=1e-5)
        return F.relu(x) if kind == "relu" else F.max_pool2d(x, 2)

    def forward(self, images, target, mask):
        return self.forward_all(images, target, mask)[:2]

    def forward_all(self, images, target, mask):
        """Activations of the target layer, logits, and the input of the last dense layer."""
        x = (images[:, None] - 0.1307) / 0.3081
        for name in LAYERS:
            x = self.layer(x, name, mask is not None)
            if name == target:
                activations = x
        flat = x.permute(0, 2, 3, 1).flatten(1)
        flat = flat if mask is None else flat * mask
        hidden = F.relu(flat @ self.w["dense1/kernel"] + self.w["dense1/bias"])
        return activations, hidden @ self.w["dense2/kernel"] + self.w["dense2/bias"], hidden


def optimizer_for(name, parameters):
    if name == "adam":
        return torch.optim.Adam(parameters, lr=1e-3)
    if name == "rmsprop":
        return torch.optim.RMSprop(parameters, lr=1e-3)
    return torch.optim.SGD(parameters, lr=5e-4, momentum=0.9)


SLOTS = {"adam": ("exp_avg", "exp_avg_sq"), "rmsprop": ("square_avg",), "sgd": ("momentum_buffer",)}


def train(case, weights, images, labels, batches, masks):
    network = Network(weights)
    parameters = list(network.w.values())
    optimizer = optimizer_for(case["optimizer"], parameters)
    tied, steps = 0, []
    # What the convolutions' biases add to the running means: they have no gradient but rounding,
    # which Adam and RMSprop blow up, so means are compared without it.
    from_bias = {f"bn{block}/mean": torch.zeros(size) for block, size in enumerate(CHANNELS, 1)}
    for batch, mask in zip(batches, masks):
        x, y = images[batch], labels[batch]
        for block in (1, 2, 3):
            trace = from_bias[f"bn{block}/mean"]
            from_bias[f"bn{block}/mean"] = 0.9 * trace + 0.1 * network.w[f"conv{block}/bias"].detach()
        activations, logits = network.forward(x, case["targetLayer"], mask)
        cross_entropy = F.cross_entropy(logits, y)
        loss = cross_entropy
        step = {"crossEntropy": cross_entropy.item(), "correct": int((logits.argmax(1) == y).sum())}
        if case["paradigm"] == "R":
            score = logits.gather(1, y[:, None]).sum()
            slope, = torch.autograd.grad(score, activations, create_graph=True)
            alpha = slope.mean((2, 3))
            alpha = alpha if case["camGradient"] == "full" else alpha.detach()
            ones = torch.ones(len(batch))
            term, up = contrastive_term(activations, alpha, x, case["distanceReduction"], ones, 1.0)
            tied += count_tied(up)
            loss = cross_entropy + case["camWeight"] * term
            step["contrastive"] = term.item()
        step["loss"] = loss.item()
        steps.append(step)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if case["paradigm"] == "R":
        assert tied > 0, case
    slots = {slot: {name: optimizer.state[p][slot].tolist() for name, p in network.w.items()}
             for slot in SLOTS[case["optimizer"]]}
    activations, logits = network.forward(images, case["targetLayer"], None)
    slope, = torch.autograd.grad(logits.max(1).values.sum(), activations)
    cam_map = F.relu((slope.mean((2, 3))[:, :, None, None] * activations).sum(1))
    statistics = {name: value.tolist() for name, value in network.statistics.items()}
    return {
        **case, "tiedMaps": tied, "steps": steps,
        "weights": {name: value.tolist() for name, value in network.w.items()},
        "statistics": statistics,
        "meansWithoutBias": {name: (network.statistics[name] - trace).tolist()
                             for name, trace in from_bias.items()},
        # The objective changes no optimizer.
        "slots": slots if case["paradigm"] == "C" else {},
        "probabilities": logits.softmax(1).tolist(), "camMaps": cam_map.tolist(),
    }


def steps():
    generator = torch.Generator().manual_seed(5)
    images = strokes(generator)
    labels = torch.arange(COUNT) % CLASSES
    weights = initial_weights(generator)
    batches = [[(i * 7 + 5 * step) % COUNT for i in range(5 if step == STEPS - 1 else 8)] for step in range(STEPS)]
    masks = [(torch.rand((len(b), FEATURES), generator=generator) < 0.5).double() * 2 for b in batches]
    base = {"paradigm": "R", "camGradient": "stopAlpha", "targetLayer": "relu3", "distanceReduction": "sum",
            "camWeight": 1.0, "optimizer": "adam"}
    # Adam and RMSprop turn the rounding of a slope near zero into a step of full length, so that
    # PyTorch itself differs from step to step in single precision; SGD shows each gradient as it is.
    changes = [
        {"paradigm": "C"}, {"paradigm": "C", "optimizer": "rmsprop"}, {"paradigm": "C", "optimizer": "sgd"},
        {}, {"camGradient": "full"}, *(
            {"optimizer": "sgd", "targetLayer": layer, "camGradient": gradient, "distanceReduction": reduction}
            for layer in ("relu3", "conv3", "relu2", "conv2", "relu1", "conv1")
            for gradient, reduction in (("stopAlpha", "sum"), ("full", "mean"))
        ),
    ]
    write("steps.json", {
        "about": "ten steps on 24 images [24,16,16] with channels 4, 6, 8 and 10 hidden units, mean 0.1307 and "
                 "deviation 0.3081; then the evaluation of all images, maps of the predicted class",
        "images": images.tolist(), "labels": labels.tolist(),
        "weights": {name: value.tolist() for name, value in weights.items()},
        "batches": batches, "masks": [mask.int().tolist() for mask in masks],
        "cases": [train({**base, **change}, weights, images, labels, batches, masks) for change in changes],
    })


if __name__ == "__main__":
    ties()
    steps()
