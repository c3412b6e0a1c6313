"""Golden values for the explainers, made with the field's own libraries in float64.

Writes explainers.json beside this file. Needs torch 2.8.0, grad-cam 1.5.7, captum 0.9.0, shap 0.51.0,
lime 0.2.0.1, zennit 0.4.6, zennit-crp 0.6.0, scikit-image 0.26.0.

Weights are not in the file: both sides draw them from the generator below. Images lie in [0, 1], and
the normalisation is the network's own first layer.
"""
import json
import math
import pathlib

import numpy as np
import torch
from captum.attr import (GradientShap, InputXGradient, IntegratedGradients, NoiseTunnel, Occlusion,
                         Saliency)
from crp.attribution import CondAttribution
from crp.concepts import ChannelConcept
from lime.lime_base import LimeBase
from pytorch_grad_cam import (AblationCAM, EigenCAM, GradCAM, GradCAMPlusPlus, HiResCAM, LayerCAM,
                              ScoreCAM, XGradCAM)
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from shap import KernelExplainer
from skimage.transform import resize
from sklearn.metrics import pairwise_distances
from torch import nn
from zennit.canonizers import SequentialMergeBatchNorm
from zennit.composites import LayerMapComposite
from zennit.rules import Epsilon, Pass, ZPlus
from zennit.types import Activation, Convolution, Linear

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
# Score-CAM's authors enlarge with half-pixel centres, the library with the corners aligned.
torch.nn.UpsamplingBilinear2d = lambda size: nn.Upsample(size, mode="bilinear", align_corners=False)


class Draws:
    """Linear congruential: the same numbers to the bit in any language with 32-bit integers."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state * 1664525 + 1013904223) % 2**32
        return self.state / 2**32

    def uniform(self, shape, low, high):
        n = math.prod(shape)
        return torch.tensor([low + (high - low) * self.next() for _ in range(n)]).reshape(shape)


class Normalize(nn.Module):
    def __init__(self, mean, deviation):
        super().__init__()
        self.mean, self.deviation = mean, deviation

    def forward(self, x):
        return (x - self.mean) / self.deviation


def build(case):
    """The network and, by layers' names, where its layers are; TensorFlow's layouts are drawn."""
    draws = Draws(case["seed"])
    layers, names, size, inputs = [], [], case["imageSize"], 1

    def kernel(shape):
        bound = case["spread"] * math.sqrt(3 / math.prod(shape[:-1]))
        return draws.uniform(shape, -bound, bound), draws.uniform(shape[-1:], -0.1, 0.1)

    def dense(name, weights):
        module = nn.Linear(weights[0].shape[1], weights[0].shape[0])
        module.weight.data, module.bias.data = weights
        layers.append(module)
        names.append(name)

    norms = []
    for i, outputs in enumerate(case["channels"], start=1):
        conv, norm = nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs, eps=1e-5)
        weights, bias = kernel((3, 3, inputs, outputs))
        conv.weight.data, conv.bias.data = weights.permute(3, 2, 0, 1).contiguous(), bias
        norm.weight.data = draws.uniform((outputs,), 0.7, 1.3)
        norm.bias.data = draws.uniform((outputs,), -0.2, 0.3)
        norms.append(norm)
        layers += [conv, norm, nn.ReLU(), nn.MaxPool2d(2)]
        names += [f"conv{i}", f"bn{i}", f"relu{i}", f"pool{i}"]
        inputs, size = outputs, size // 2
    weights, bias = kernel((size * size * inputs, case["hidden"]))
    rows = weights.reshape(size, size, inputs, case["hidden"]).permute(2, 0, 1, 3).flatten(0, 2)
    layers.append(nn.Flatten())
    names.append("flatten")
    dense("dense1", (rows.T.contiguous(), bias))
    layers.append(nn.ReLU())
    names.append("relu")
    weights, bias = kernel((case["hidden"], case["classes"]))
    dense("dense2", (weights.T.contiguous(), bias))
    for norm in norms:
        norm.running_mean.data = draws.uniform(norm.weight.shape, -0.2, 0.2)
        norm.running_var.data = draws.uniform(norm.weight.shape, 0.5, 1.5)
    return nn.Sequential(*layers).eval(), names


def draw_image(case, seed):
    """Noise below a bright blob, so that no two pixels tie."""
    size, draws = case["imageSize"], Draws(seed)
    y, x = np.mgrid[0:size, 0:size] / (size - 1)
    centre = (0.3 + 0.4 * draws.next(), 0.3 + 0.4 * draws.next())
    blob = np.exp(-(((y - centre[0]) / 0.2) ** 2 + ((x - centre[1]) / 0.28) ** 2))
    noise = draws.uniform((size, size), 0, 1).numpy()
    return torch.tensor(np.round(0.75 * blob + 0.2 * noise, 4))[None, None]


def cams(model, layer, image, target):
    maps = {}
    kinds = {"gradcam": GradCAM, "gradcam++": GradCAMPlusPlus, "hirescam": HiResCAM, "layercam": LayerCAM,
             "xgradcam": XGradCAM, "eigencam": EigenCAM, "scorecam": ScoreCAM, "ablationcam": AblationCAM}
    for name, kind in kinds.items():
        with kind(model, [layer]) as cam:
            inner = cam.get_cam_image
            # The library goes on to scale and enlarge the map; the native one is compared.
            cam.get_cam_image = lambda *args, **kwargs: maps.setdefault(name, inner(*args, **kwargs))
            cam(image, [ClassifierOutputTarget(target)])
        maps[name] = maps[name][0] if name == "eigencam" else np.maximum(maps[name][0], 0)
    return maps


def expected_gradients(model, image, background, target, samples, seed):
    torch.manual_seed(seed)
    values = []
    for _ in range(samples):
        base = background[torch.randint(len(background), ())][None]
        point = (base + torch.rand(()) * (image - base)).requires_grad_()
        slope, = torch.autograd.grad(model(point)[0, target], point)
        values.append(((image - base) * slope)[0, 0].detach())
    return torch.stack(values).std(0)


def gradients(model, image, background, target, with_samples):
    maps = {
        "gradient": Saliency(model).attribute(image, target=target, abs=False),
        "gradient-x-input": InputXGradient(model).attribute(image, target=target),
        "integrated-gradients": IntegratedGradients(model).attribute(
            image, baselines=torch.zeros_like(image), target=target, n_steps=32, method="riemann_middle"),
        "occlusion": Occlusion(model).attribute(
            image, target=target, sliding_window_shapes=(1, 3, 3), strides=(1, 2, 2), baselines=0),
    }
    sampled = {}
    if with_samples:
        torch.manual_seed(1)
        samples, spread = 3000, 0.15 * float(image.max() - image.min())
        tunnel = NoiseTunnel(Saliency(model))
        settings = dict(nt_samples=samples, stdevs=spread, target=target, abs=False)
        mean = tunnel.attribute(image, nt_type="smoothgrad", **settings)
        variance = tunnel.attribute(image, nt_type="vargrad", **settings)
        sampled["smoothgrad"] = (mean, variance.sqrt(), samples)
        mean = GradientShap(model).attribute(image, baselines=background, n_samples=samples, target=target)
        sampled["gradient-shap"] = (mean, expected_gradients(model, image, background, target, 1000, 2), samples)
    return maps, sampled


def grid(size, side):
    """Segment of each pixel: side x side cells, as equal as can be."""
    cell = (np.arange(size) * side) // size
    return cell[:, None] * side + cell[None, :]


def perturbed(model, image, segments, target):
    """Masks [N, segments] of 0 and 1 -> logits where the others are black."""
    def score(masks):
        kept = torch.tensor(np.asarray(masks, dtype=np.float64)[:, segments])
        with torch.no_grad():
            return model(image * kept[:, None])[:, target].numpy()
    return score


def segments_golden(model, image, target, side):
    segments = grid(image.shape[-1], side)
    count = side * side
    score = perturbed(model, image, segments, target)
    explainer = KernelExplainer(score, np.zeros((1, count)))
    shapley = explainer.shap_values(np.ones((1, count)), nsamples=2**count, l1_reg=False, silent=True)[0]
    draws = Draws(5)
    masks = np.array([[1.0] * count] + [[float(draws.next() < 0.5) for _ in range(count)] for _ in range(60)])
    kernel_width = 0.25
    base = LimeBase(lambda d: np.sqrt(np.exp(-(d**2) / kernel_width**2)), random_state=0)
    distances = pairwise_distances(masks, masks[:1], metric="cosine").ravel()
    labels = score(masks)[:, None]
    _, weights, _, _ = base.explain_instance_with_data(masks, labels, distances, 0, count, "none")
    lime = [dict(weights)[i] for i in range(count)]
    return {"side": side, "shapley": shapley.tolist(), "masks": masks.astype(int).tolist(),
            "scores": labels[:, 0].tolist(), "lime": lime}


def rise(model, image, target, cells, keep, samples):
    """As its authors’ code has it, but for edge values, which are repeated: grids enlarged, cut at a random shift."""
    draws, size = np.random.RandomState(3), image.shape[-1]
    step = math.ceil(size / cells)
    enlarged = (cells + 1) * step
    values = np.zeros((samples, size, size))
    for i in range(samples):
        cell = (draws.rand(cells, cells) < keep).astype(float)
        y, x = draws.randint(0, step, 2)
        mask = resize(cell, (enlarged, enlarged), order=1, mode="edge", anti_aliasing=False)[y:y + size, x:x + size]
        with torch.no_grad():
            score = torch.softmax(model(image * torch.tensor(mask)[None, None]), 1)[0, target]
        values[i] = float(score) * mask / keep
    return values.mean(0), values.std(0), samples


def relevances(network, names, normalized, target, layer):
    merge = [SequentialMergeBatchNorm()]
    rules = {
        "epsilon": [(Activation, Pass()), (Convolution, Epsilon()), (Linear, Epsilon())],
        "z-plus": [(Activation, Pass()), (Convolution, ZPlus()), (Linear, ZPlus())],
        "composite": [(Activation, Pass()), (Convolution, ZPlus()), (Linear, Epsilon())],
    }
    result, position = {}, str(names.index(layer))
    for name, layer_map in rules.items():
        composite = LayerMapComposite(layer_map, canonizers=merge)
        attribution = CondAttribution(network)
        whole = attribution(normalized.clone().requires_grad_(), [{"y": [target]}], composite, record_layer=[position])
        channels = ChannelConcept().attribute(whole.relevances[position], abs_norm=False)[0]
        first = int(channels.abs().argmax())
        part = attribution(normalized.clone().requires_grad_(), [{"y": [target], position: [first]}], composite)
        result[name] = {"heatmap": whole.heatmap[0], "channels": channels, "channel": first, "conditional": part.heatmap[0]}
    return result


def plain(value):
    """Seven digits."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (torch.Tensor, np.ndarray)):
        return plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return float(f"{value:.7g}") if isinstance(value, float) else value


def squeeze(value):
    return value[0, 0].detach() if isinstance(value, torch.Tensor) and value.dim() == 4 else value


CASES = [
    dict(name="two blocks", seed=11, channels=[2, 3], hidden=5, classes=3, imageSize=8, layer="relu2",
         mean=0.3, standardDeviation=0.4, spread=1.3, side=2),
    dict(name="three blocks, an earlier layer", seed=5, channels=[3, 4, 5], hidden=6, classes=4, imageSize=12,
         layer="relu2", mean=0.2, standardDeviation=0.35, spread=1.3, side=3),
    dict(name="the paper’s network", seed=12, channels=[32, 64, 128], hidden=256, classes=10, imageSize=28,
         layer="relu3", mean=0.1307, standardDeviation=0.3081, spread=1.2, side=None),
]


def golden(case):
    network, names = build(case)
    model = nn.Sequential(Normalize(case["mean"], case["standardDeviation"]), network)
    image = draw_image(case, 21)
    background = torch.cat([draw_image(case, 31 + i) for i in range(4)])
    logits = model(image)[0].detach()
    target = int(logits.argmax())
    tiny = case["side"] is not None
    maps, sampled = gradients(model, image, background, target, tiny)
    layer = network[names.index(case["layer"])]
    result = {
        **case, "image": image[0, 0], "logits": logits, "targetClass": target,
        "cams": cams(model, layer, image, target),
        "maps": {name: squeeze(value) for name, value in maps.items()},
        "relevance": relevances(network, names, Normalize(case["mean"], case["standardDeviation"])(image), target, case["layer"]),
    }
    if tiny:
        sampled["rise"] = rise(model, image, target, 4, 0.5, 4000)
        result["background"] = background[:, 0]
        result["sampled"] = {name: {"mean": squeeze(mean), "deviation": squeeze(deviation), "samples": samples}
                             for name, (mean, deviation, samples) in sampled.items()}
        result["segments"] = segments_golden(model, image, target, case["side"])
    return plain(result)


if __name__ == "__main__":
    path = pathlib.Path(__file__).parent / "explainers.json"
    path.write_text(json.dumps({"cases": [golden(case) for case in CASES]}) + "\n")
