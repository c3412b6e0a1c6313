"""Maps per second by the libraries that explainers are checked against, for bench/explainers.ts.

Reads lines `METHOD SECONDS` and answers each with one number: one image at a time, in float32, on one
thread, by the network of test/golden/make_explainers.py. Needs what that script needs.
"""

import os
import pathlib
import sys
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "test" / "golden"))

import make_explainers as golden  # noqa: E402
import torch  # noqa: E402
from captum.attr import GradientShap, InputXGradient, IntegratedGradients, NoiseTunnel, Occlusion, Saliency  # noqa: E402
from crp.attribution import CondAttribution  # noqa: E402
from lime.lime_image import LimeImageExplainer  # noqa: E402
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget  # noqa: E402
from shap import KernelExplainer  # noqa: E402
from torch import nn  # noqa: E402
from zennit.attribution import Gradient  # noqa: E402

# What the libraries print is no answer.
ANSWERS = os.fdopen(os.dup(1), "w")
sys.stdout = sys.stderr

torch.set_default_dtype(torch.float32)
torch.set_num_threads(1)
CASE = golden.CASES[2]
LAYERS, NAMES = golden.build(CASE)
LAYERS = LAYERS.float()
MODEL = nn.Sequential(golden.Normalize(CASE["mean"], CASE["standardDeviation"]), LAYERS)
IMAGE = golden.draw_image(CASE, 21).float()
BACKGROUND = torch.cat([golden.draw_image(CASE, 31 + i) for i in range(32)]).float()
TARGET = int(MODEL(IMAGE).argmax())
LAYER = LAYERS[NAMES.index(CASE["layer"])]
COMPOSITE = golden.LayerMapComposite(
    [(golden.Activation, golden.Pass()), (golden.Convolution, golden.ZPlus()), (golden.Linear, golden.Epsilon())],
    canonizers=[golden.SequentialMergeBatchNorm()])


def cam(kind):
    explainer = kind(model=MODEL, target_layers=[LAYER])
    return lambda: explainer(input_tensor=IMAGE, targets=[ClassifierOutputTarget(TARGET)])


def input_leaf():
    return IMAGE.clone().requires_grad_()


def normalized():
    return ((IMAGE - CASE["mean"]) / CASE["standardDeviation"]).requires_grad_()


def lrp():
    with Gradient(model=LAYERS, composite=COMPOSITE) as attributor:
        attributor(normalized(), torch.eye(10)[[TARGET]])


def crp():
    position = str(NAMES.index(CASE["layer"]))
    attribution = CondAttribution(LAYERS)
    whole = attribution(normalized(), [{"y": [TARGET]}], COMPOSITE, record_layer=[position])
    channel = int(whole.relevances[position].sum((2, 3))[0].argmax())
    attribution(normalized(), [{"y": [TARGET], position: [channel]}], COMPOSITE)


def lime():
    def predict(images):
        grey = torch.tensor(images[..., 0], dtype=torch.float32)[:, None]
        with torch.no_grad():
            return torch.softmax(MODEL(grey), 1).numpy()
    LimeImageExplainer().explain_instance(
        IMAGE[0, 0].numpy().astype(np.double), predict, labels=[TARGET], top_labels=None, num_samples=1000,
        segmentation_fn=lambda _: golden.grid(28, 5), batch_size=32)


def kernel_shap():
    cells = golden.grid(28, 5)

    def score(masks):
        kept = torch.tensor(np.asarray(masks, dtype=np.float32)[:, cells])
        with torch.no_grad():
            return MODEL(IMAGE * kept[:, None])[:, TARGET].numpy()

    KernelExplainer(score, np.zeros((1, 25))).shap_values(np.ones((1, 25)), nsamples=2000, l1_reg=False, silent=True)


METHODS = {
    "gradcam": lambda: cam(golden.GradCAM),
    "gradcam++": lambda: cam(golden.GradCAMPlusPlus),
    "hirescam": lambda: cam(golden.HiResCAM),
    "layercam": lambda: cam(golden.LayerCAM),
    "xgradcam": lambda: cam(golden.XGradCAM),
    "eigencam": lambda: cam(golden.EigenCAM),
    "scorecam": lambda: cam(golden.ScoreCAM),
    "ablationcam": lambda: cam(golden.AblationCAM),
    "gradient": lambda: lambda: Saliency(MODEL).attribute(input_leaf(), target=TARGET, abs=False),
    "gradient-x-input": lambda: lambda: InputXGradient(MODEL).attribute(input_leaf(), target=TARGET),
    "smoothgrad": lambda: lambda: NoiseTunnel(Saliency(MODEL)).attribute(
        IMAGE, nt_type="smoothgrad", nt_samples=50, stdevs=0.15, target=TARGET, abs=False),
    "integrated-gradients": lambda: lambda: IntegratedGradients(MODEL).attribute(IMAGE, target=TARGET, n_steps=64),
    "gradient-shap": lambda: lambda: GradientShap(MODEL).attribute(
        IMAGE, baselines=BACKGROUND, n_samples=200, target=TARGET),
    "occlusion": lambda: lambda: Occlusion(MODEL).attribute(
        IMAGE, sliding_window_shapes=(1, 5, 5), strides=(1, 2, 2), target=TARGET, perturbations_per_eval=32),
    "lime": lambda: lime,
    "kernel-shap": lambda: kernel_shap,
    "lrp": lambda: lrp,
    "crp": lambda: crp,
}

for line in sys.stdin:
    name, seconds = line.split()
    if name not in METHODS:
        print("nan", file=ANSWERS, flush=True)
        continue
    explain = METHODS[name]()
    explain()
    count, began = 0, time.perf_counter()
    while count < 3 or time.perf_counter() - began < float(seconds):
        explain()
        count += 1
    print(count / (time.perf_counter() - began), file=ANSWERS, flush=True)
