"""Golden values for the networks, made with PyTorch in float64.

Writes networks.json beside this file. Needs torch (CPU) only. Weights are not stored: `weight` says
what they are, here and in test/support/networksSuite.ts. Logits and maps are those of evaluation.

Layouts are the TensorFlow ones: kernels HWIO, dense kernels [in, out]. The loss, of training, is the
cross-entropy plus a tenth of the mean over images of the sum of squares of the Grad-CAM of the label at `target`,
differentiated through its channel weights too, and where the network has them its own costs.
"""
import json
import math
import pathlib

import torch
import torch.nn.functional as F

HERE = pathlib.Path(__file__).parent
torch.set_default_dtype(torch.float64)
LABELS = torch.tensor([0, 2])
CLASSES = 3
WEIGHTS = {"cluster": 0.8, "separation": -0.08}


def wave(count, number):
    i = torch.arange(1, count + 1, dtype=torch.float64)
    return torch.sin(12.9898 * i + 78.233 * number)


def weight(name, shape, number):
    """Waves around 1 for gamma, 0.5 for prototypes, around 0 for everything else; kernels by their fan-in."""
    values = wave(math.prod(shape), number).reshape(shape)
    part = name.split("/")[-1]
    if part == "gamma" and not name.endswith("grn/gamma"):
        return 1 + 0.3 * values
    if part == "kernel":
        return values * math.sqrt(2 / math.prod(shape[:-1] if shape[-1] > 1 else shape))
    return (0.5 if part == "vectors" else 0) + 0.2 * values


class Net:
    """A pass in training, or in evaluation of what has seen no batch yet: weights by name, made where they are first used, and what each layer gives."""

    def __init__(self, training):
        self.weights, self.maps, self.training, self.costs = {}, {}, training, {}

    def take(self, name, *shape):
        if name not in self.weights:
            self.weights[name] = weight(name, shape, len(self.weights)).requires_grad_()
        return self.weights[name]

    def keep(self, name, x):
        self.maps[name] = x
        return x

    def conv(self, name, x, outputs, size=3, stride=1, padding=None, bias=False, groups=1):
        inputs = x.shape[1] // groups
        shape = (size, size, inputs, outputs) if groups == 1 else (size, size, outputs, 1)
        kernel = self.take(name + "/kernel", *shape)
        kernel = kernel.permute(3, 2, 0, 1) if groups == 1 else kernel.permute(2, 3, 0, 1)
        offset = self.take(name + "/bias", outputs) if bias else None
        padding = (size - 1) // 2 if padding is None else padding
        return self.keep(name, F.conv2d(x, kernel, offset, stride, padding, groups=groups))

    def batch_norm(self, name, x):
        scale = [self.take(f"{name}/{part}", x.shape[1]) for part in ("gamma", "beta")]
        running = None, None
        if not self.training:
            running = torch.zeros(x.shape[1]), torch.ones(x.shape[1])
        return self.keep(name, F.batch_norm(x, *running, *scale, training=self.training, eps=1e-5))

    def dense(self, name, x, outputs):
        """Over the last axis."""
        kernel = self.take(name + "/kernel", x.shape[-1], outputs)
        return x @ kernel + self.take(name + "/bias", outputs)


def resnet(net, x, channels, blocks, shortcut):
    x = net.conv("stem", x, channels[0])
    x = net.keep("stem.relu", F.relu(net.batch_norm("stem.bn", x)))
    for stage, outputs in enumerate(channels):
        for number in range(blocks):
            name, skip = f"stage{stage + 1}.{number + 1}", x
            stride = 2 if stage > 0 and number == 0 else 1
            if stride == 2 and shortcut == "A":
                skip = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 0, outputs - x.shape[1]))
                net.keep(name + ".shortcut", skip)
            if stride == 2 and shortcut == "B":
                skip = net.conv(name + ".shortcut", x, outputs, size=1, stride=2, padding=0)
                skip = net.batch_norm(name + ".shortcutNorm", skip)
            x = net.conv(name + ".conv1", x, outputs, stride=stride)
            x = net.keep(name + ".relu1", F.relu(net.batch_norm(name + ".bn1", x)))
            x = net.batch_norm(name + ".bn2", net.conv(name + ".conv2", x, outputs))
            x = net.keep(name + ".relu2", F.relu(net.keep(name + ".sum", x + skip)))
    return net.dense("dense", x.mean((2, 3)), CLASSES)


def layer_norm(net, name, x):
    """Over the channels of [B, C, H, W], or of [B, C]."""
    last = x.permute(0, 2, 3, 1) if x.dim() == 4 else x
    scale = [net.take(f"{name}/{part}", last.shape[-1]) for part in ("gamma", "beta")]
    y = F.layer_norm(last, last.shape[-1:], *scale, eps=1e-6)
    return net.keep(name, y.permute(0, 3, 1, 2)) if x.dim() == 4 else y


def positions(net, name, x, outputs):
    """A dense layer at every position of [B, C, H, W]."""
    return net.keep(name, net.dense(name, x.permute(0, 2, 3, 1), outputs).permute(0, 3, 1, 2))


def convnext(net, x, depths, channels, patch, halvings):
    x = layer_norm(net, "stem.norm", net.conv("stem", x, channels[0], patch, patch, 0, bias=True))
    for stage, outputs in enumerate(channels):
        name = f"stage{stage + 1}"
        if stage > 0:
            x, size = layer_norm(net, name + ".norm", x), 2 if stage <= halvings else 1
            x = net.conv(name + ".reduce", x, outputs, size, size, 0, bias=True)
        for number in range(depths[stage]):
            part, skip = f"{name}.{number + 1}", x
            x = net.conv(part + ".depthwise", x, outputs, 7, bias=True, groups=outputs)
            x = positions(net, part + ".dense1", layer_norm(net, part + ".norm", x), 4 * outputs)
            x = net.keep(part + ".gelu", F.gelu(x))
            norms = x.norm(dim=(2, 3), keepdim=True)
            relative = norms / (norms.mean(1, keepdim=True) + 1e-6)
            gamma, beta = (
                net.take(f"{part}.grn/{p}", 4 * outputs)[:, None, None] for p in ("gamma", "beta")
            )
            x = net.keep(part + ".grn", gamma * (x * relative) + beta + x)
            x = net.keep(part + ".sum", positions(net, part + ".dense2", x, outputs) + skip)
    return net.dense("dense", layer_norm(net, "norm", x.mean((2, 3))), CLASSES)


def attention(net, name, x, heads, window, shift):
    """Window by window, as the paper draws it; x [B, H, W, C] of a side that windows need not divide."""
    batch, size, _, channels = x.shape
    qkv, offset = net.take(name + "/qkv/kernel", channels, 3 * channels), net.take(name + "/qkv/bias", 3 * channels)
    out = net.take(name + "/projection/kernel", channels, channels), net.take(name + "/projection/bias", channels)
    bias = net.take(name + "/positionBias", (2 * window - 1) ** 2, heads)
    side = -(-size // window) * window
    x = F.pad(x, (0, 0, 0, side - size, 0, side - size))
    region = torch.zeros(side, side)
    if shift:
        x = torch.roll(x, (-shift, -shift), (1, 2))
        cuts = (slice(0, -window), slice(-window, -shift), slice(-shift, None))
        for i, rows in enumerate(cuts):
            for j, columns in enumerate(cuts):
                region[rows, columns] = 3 * i + j
    places = [(i, j) for i in range(window) for j in range(window)]
    apart = [[(a[0] - b[0] + window - 1) * (2 * window - 1) + a[1] - b[1] + window - 1 for b in places] for a in places]
    result = torch.zeros_like(x)
    for top in range(0, side, window):
        for left in range(0, side, window):
            cell = slice(top, top + window), slice(left, left + window)
            tokens = x[:, cell[0], cell[1]].reshape(batch, window * window, channels)
            q, k, v = (tokens @ qkv + offset).reshape(batch, -1, 3, heads, channels // heads).permute(2, 0, 3, 1, 4)
            scores = q @ k.transpose(-2, -1) * (channels // heads) ** -0.5
            scores = scores + bias[torch.tensor(apart)].permute(2, 0, 1)
            own = region[cell].flatten()
            scores = scores - 100.0 * (own[:, None] != own[None, :])
            mixed = (scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, -1, channels)
            result[:, cell[0], cell[1]] = (mixed @ out[0] + out[1]).reshape(batch, window, window, channels)
    if shift:
        result = torch.roll(result, (shift, shift), (1, 2))
    y = result[:, :size, :size].permute(0, 3, 1, 2)
    return net.keep(name, y)


def swin(net, x, depths, channels, heads, patch, window):
    x = layer_norm(net, "stem.norm", net.conv("stem", x, channels, patch, patch, 0, bias=True))
    for stage, depth in enumerate(depths):
        name = f"stage{stage + 1}"
        if stage > 0:
            odd = x.shape[2] % 2
            x = F.pad(x, (0, odd, 0, odd))
            parts = [x[:, :, i::2, j::2] for i in (0, 1) for j in (0, 1)]
            x = layer_norm(net, name + ".norm", net.keep(name + ".merge", torch.cat(parts, 1)))
            channels *= 2
            kernel = net.take(name + ".reduce/kernel", x.shape[1], channels)
            x = net.keep(name + ".reduce", (x.permute(0, 2, 3, 1) @ kernel).permute(0, 3, 1, 2))
        size = x.shape[2]
        own = min(window, size)
        for number in range(depth):
            part = f"{name}.{number + 1}"
            shift = own // 2 if number % 2 and own < size else 0
            y = layer_norm(net, part + ".norm1", x).permute(0, 2, 3, 1)
            x = net.keep(part + ".sum1", x + attention(net, part + ".attention", y, heads[stage], own, shift))
            y = positions(net, part + ".dense1", layer_norm(net, part + ".norm2", x), 4 * channels)
            y = positions(net, part + ".dense2", net.keep(part + ".gelu", F.gelu(y)), channels)
            x = net.keep(part + ".sum2", x + y)
    return net.dense("dense", layer_norm(net, "norm", x).mean((2, 3)), CLASSES)


def prototypes(net, x, channels, per_class):
    """Behind a backbone's map; what the cost of clusters and separation is of is kept aside."""
    x = net.keep("addOn1.relu", F.relu(net.conv("addOn1", x, channels, 1, bias=True)))
    x = net.keep("addOn2.sigmoid", net.conv("addOn2", x, channels, 1, bias=True).sigmoid())
    points = net.take("prototypes/vectors", per_class * CLASSES, channels)
    apart = x.permute(0, 2, 3, 1)[..., None, :] - points
    distances = net.keep("prototypes", apart.pow(2).sum(-1).permute(0, 3, 1, 2))
    least = -F.max_pool2d(-distances, distances.shape[2:]).flatten(1)
    own = (torch.arange(per_class * CLASSES) // per_class)[None] == LABELS[:, None]
    net.costs = {
        "cluster": torch.where(own, least, torch.inf).min(1).values.mean(),
        "separation": torch.where(own, torch.inf, least).min(1).values.mean(),
    }
    kernel = net.take("dense/kernel", per_class * CLASSES, CLASSES).detach()
    return torch.log((least + 1) / (least + 1e-4)) @ kernel


def small_resnet(net, x, channels):
    """As far as its last map."""
    resnet(net, x, channels, 1, "A")
    for part in ("kernel", "bias"):
        del net.weights["dense/" + part]
    return net.maps["stage2.1.relu2"]


def grad_cam(score, activations, **how):
    gradient, = torch.autograd.grad(score, activations, retain_graph=True, **how)
    alpha = gradient.mean((2, 3), keepdim=True)
    return F.relu((alpha * activations).sum(1))


def terms(score, activations):
    """The largest sum of the absolute values that a cell of the map adds up: float32 rounds these."""
    gradient, = torch.autograd.grad(score, activations, retain_graph=True)
    alpha = gradient.mean((2, 3), keepdim=True)
    return (alpha * activations).abs().sum(1).max().item()


def flat(x):
    return [float(f"{value:.7g}") for value in x.detach().flatten().tolist()]


def case(name, target, build, size, channels=1):
    images = (wave(2 * size * size * channels, 1) / 2).reshape(2, size, size, channels)
    evaluated = Net(training=False)
    outputs = build(evaluated, images.permute(0, 3, 1, 2))
    score = outputs.gather(1, LABELS[:, None]).sum()
    maps = {
        layer: {"map": flat(grad_cam(score, x)), "size": terms(score, x)}
        for layer, x in evaluated.maps.items()
    }
    net = Net(training=True)
    logits = build(net, images.permute(0, 3, 1, 2))
    score = logits.gather(1, LABELS[:, None]).sum()
    squares = grad_cam(score, net.maps[target], create_graph=True).pow(2).sum((1, 2)).mean()
    loss = F.cross_entropy(logits, LABELS) + 0.1 * squares + sum(WEIGHTS[name] * cost for name, cost in net.costs.items())
    gradients = torch.autograd.grad(loss, list(net.weights.values()), materialize_grads=True)
    return {
        "name": name, "target": target, "size": size, "channels": channels,
        "logits": flat(outputs), "maps": maps, "loss": loss.item(),
        "costs": {name: cost.item() for name, cost in net.costs.items()},
        "gradients": {key: flat(g) for key, g in zip(net.weights, gradients)},
    }


CASES = [
    case("resnet, option A", "stage2.1.relu1", lambda net, x: resnet(net, x, (8, 12), 1, "A"), 7),
    case("resnet, option B", "stage1.1.relu2", lambda net, x: resnet(net, x, (4, 8), 1, "B"), 8, 3),
    case("convnext", "stage1.1.gelu", lambda net, x: convnext(net, x, (1, 1), (8, 12), 2, 1), 9, 3),
    case("swin", "stage1.1.sum2", lambda net, x: swin(net, x, (2, 1), 6, (2, 2), 2, 3), 10),
    case("prototypes", "stage1.1.relu2", lambda net, x: prototypes(net, small_resnet(net, x, (6, 8)), 5, 2), 9),
]
(HERE / "networks.json").write_text(json.dumps(CASES, separators=(",", ":")) + "\n")
