"""Training steps of paper-cnn in PyTorch on the CPU: the baseline of the engines' speed.

    python bench/pytorch_step.py --threads 2 --batch 64 --seconds 10

Prints one JSON document: images per second under paradigms C and R (sum, stopAlpha). Needs torch.
"""

import argparse
import json
import time

import torch
import torch.nn.functional as F
from torch import nn


class PaperCnn(nn.Module):
    """Blocks of convolution, batch norm, ReLU and max-pooling; then two dense layers."""

    def __init__(self) -> None:
        super().__init__()
        sizes = [1, 32, 64, 128]
        self.convolutions = nn.ModuleList(
            nn.Conv2d(i, o, 3, padding=1) for i, o in zip(sizes, sizes[1:])
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(size) for size in sizes[1:])
        self.head = nn.Sequential(
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Dropout(0.5),
            nn.Linear(1152, 256),
            nn.ReLU(),
            nn.Linear(256, 10),
        )

    def features(self, x: torch.Tensor) -> torch.Tensor:
        """Activations of the third ReLU, [B, 128, 7, 7]."""
        for block, (convolution, norm) in enumerate(zip(self.convolutions, self.norms)):
            x = F.relu(norm(convolution(x)))
            if block < 2:
                x = F.max_pool2d(x, 2)
        return x


def contrastive(activations, logits, images, labels):
    """Batch mean of 1/2 d^2 between each Grad-CAM of the label and its image, alpha constant."""
    score = logits.gather(1, labels[:, None]).sum()
    (gradient,) = torch.autograd.grad(score, activations, retain_graph=True)
    alpha = gradient.mean((2, 3), keepdim=True).detach()
    cam_map = F.relu((alpha * activations).sum(1, keepdim=True))
    up = F.interpolate(cam_map, size=(28, 28), mode="bicubic", align_corners=False).clamp_min(0)
    cam = up / (up.amax((1, 2, 3), keepdim=True) + 1e-7)
    squared = (cam - images).pow(2).flatten(1).sum(1)
    return 0.5 * (squared + 2.718281828459045**-22).mean()


def images_per_second(paradigm: str, batch: int, seconds: float) -> float:
    torch.manual_seed(1)
    model = PaperCnn().train()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    images = torch.rand(batch, 1, 28, 28)
    labels = torch.arange(batch) % 10

    def step() -> None:
        optimizer.zero_grad(set_to_none=True)
        activations = model.features((images - 0.1307) / 0.3081)
        logits = model.head(activations)
        loss = F.cross_entropy(logits, labels)
        if paradigm == "R":
            loss = loss + contrastive(activations, logits, images, labels)
        loss.backward()
        optimizer.step()
        loss.item()

    for _ in range(5):
        step()
    steps, begin = 0, time.perf_counter()
    while time.perf_counter() - begin < seconds:
        step()
        steps += 1
    return steps * batch / (time.perf_counter() - begin)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=10)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    speeds = {p: images_per_second(p, options.batch, options.seconds) for p in ("C", "R")}
    print(json.dumps({"torch": torch.__version__, **vars(options), **speeds}))


if __name__ == "__main__":
    main()
