"""Training steps in PyTorch on the CPU: the baseline of the engines' speed.

    python bench/pytorch_step.py --threads 2 --batch 64 --seconds 10 --model resnet8

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


class BasicBlock(nn.Module):
    """Two convolutions and a skip connection, without weights (option A) where it shrinks."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.stride = 1 if inputs == outputs else 2
        self.missing = outputs - inputs
        self.first = nn.Conv2d(inputs, outputs, 3, self.stride, 1, bias=False)
        self.second = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.norms = nn.ModuleList(nn.BatchNorm2d(outputs) for _ in range(2))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = F.relu(self.norms[0](self.first(x)))
        y = self.norms[1](self.second(y))
        if self.stride == 2:
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 0, self.missing))
        return F.relu(x + y)


class Resnet(nn.Module):
    def __init__(self, depth: int) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(1, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU())
        sizes = [16] + [size for size in (16, 32, 64) for _ in range((depth - 2) // 6)]
        self.features = nn.Sequential(self.stem, *map(BasicBlock, sizes, sizes[1:]))
        self.head = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


class LastNorm(nn.LayerNorm):
    """Over the channels of [B, C, H, W]."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class ConvnextBlock(nn.Module):
    def __init__(self, size: int) -> None:
        super().__init__()
        self.depthwise = nn.Conv2d(size, size, 7, padding=3, groups=size)
        self.norm = nn.LayerNorm(size, eps=1e-6)
        self.grow, self.shrink = nn.Linear(size, 4 * size), nn.Linear(4 * size, size)
        self.gamma, self.beta = (nn.Parameter(torch.zeros(4 * size)) for _ in range(2))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = F.gelu(self.grow(self.norm(self.depthwise(x).permute(0, 2, 3, 1))))
        norms = y.norm(dim=(1, 2), keepdim=True)
        y = self.gamma * (y * norms / (norms.mean(-1, keepdim=True) + 1e-6)) + self.beta + y
        return x + self.shrink(y).permute(0, 3, 1, 2)


class Convnext(nn.Module):
    """mini: patches of 2, and a map that is halved once more."""

    def __init__(self) -> None:
        super().__init__()
        sizes, depths = (16, 32, 64, 128), (1, 1, 3, 1)
        parts: list[nn.Module] = [nn.Conv2d(1, 16, 2, 2), LastNorm(16, eps=1e-6)]
        for stage, (size, depth) in enumerate(zip(sizes, depths)):
            if stage > 0:
                step = 2 if stage == 1 else 1
                parts += [LastNorm(sizes[stage - 1], eps=1e-6), nn.Conv2d(sizes[stage - 1], size, step, step)]
            parts += [ConvnextBlock(size) for _ in range(depth)]
        self.features = nn.Sequential(*parts)
        self.head = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.LayerNorm(128, eps=1e-6), nn.Linear(128, 10)
        )


class SwinBlock(nn.Module):
    """Attention inside windows, of which every second block shifts by half a window; maps [B, H, W, C]."""

    def __init__(self, size: int, heads: int, side: int, window: int, shift: int) -> None:
        super().__init__()
        self.heads, self.window, self.shift = heads, window, shift
        self.norms = nn.ModuleList(nn.LayerNorm(size) for _ in range(2))
        self.qkv, self.project = nn.Linear(size, 3 * size), nn.Linear(size, size)
        self.dense = nn.Sequential(nn.Linear(size, 4 * size), nn.GELU(), nn.Linear(4 * size, size))
        self.positions = nn.Parameter(torch.zeros((2 * window - 1) ** 2, heads))
        place = torch.stack(torch.meshgrid(torch.arange(window), torch.arange(window), indexing="ij")).flatten(1)
        apart = (place[:, :, None] - place[:, None, :] + window - 1).permute(1, 2, 0)
        self.register_buffer("relative", apart[..., 0] * (2 * window - 1) + apart[..., 1])
        region = torch.zeros(1, side, side, 1)
        if shift > 0:
            cuts = (slice(0, -window), slice(-window, -shift), slice(-shift, None))
            for number, (rows, columns) in enumerate((r, c) for r in cuts for c in cuts):
                region[:, rows, columns] = number
        regions = self.part(region).squeeze(-1)
        mask = (regions[:, None, :] != regions[:, :, None]).float() * -100
        self.register_buffer("mask", mask[:, None])

    def part(self, x: torch.Tensor) -> torch.Tensor:
        """[B, H, W, C] in windows: [B n, window^2, C]."""
        b, h, w, c = x.shape
        x = x.view(b, h // self.window, self.window, w // self.window, self.window, c)
        return x.transpose(2, 3).reshape(-1, self.window**2, c)

    def attend(self, x: torch.Tensor) -> torch.Tensor:
        b, h, w, c = x.shape
        parts = self.part(x.roll((-self.shift, -self.shift), (1, 2)) if self.shift > 0 else x)
        q, k, v = self.qkv(parts).view(len(parts), -1, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        bias = self.positions[self.relative].permute(2, 0, 1) + self.mask.repeat(b, 1, 1, 1)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=bias).transpose(1, 2).reshape(parts.shape)
        y = self.project(y).view(b, h // self.window, w // self.window, self.window, self.window, c)
        y = y.transpose(2, 3).reshape(b, h, w, c)
        return y.roll((self.shift, self.shift), (1, 2)) if self.shift > 0 else y

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.attend(self.norms[0](x))
        return x + self.dense(self.norms[1](x))


class MergePatches(nn.Module):
    def __init__(self, size: int) -> None:
        super().__init__()
        self.norm, self.reduce = nn.LayerNorm(4 * size), nn.Linear(4 * size, 2 * size, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        corners = [x[:, i::2, j::2] for j in range(2) for i in range(2)]
        return self.reduce(self.norm(torch.cat(corners, -1)))


class Swin(nn.Module):
    """Patches of 2, 32 channels, two stages of two blocks with windows of 7."""

    def __init__(self) -> None:
        super().__init__()
        self.stem, self.norm = nn.Conv2d(1, 32, 2, 2), nn.LayerNorm(32)
        self.blocks = nn.Sequential(
            SwinBlock(32, 2, 14, 7, 0), SwinBlock(32, 2, 14, 7, 3), MergePatches(32),
            SwinBlock(64, 4, 7, 7, 0), SwinBlock(64, 4, 7, 7, 0),
        )
        self.last, self.dense = nn.LayerNorm(64), nn.Linear(64, 10)

    def features(self, x: torch.Tensor) -> torch.Tensor:
        return self.blocks(self.norm(self.stem(x).permute(0, 2, 3, 1))).permute(0, 3, 1, 2)

    def head(self, x: torch.Tensor) -> torch.Tensor:
        return self.dense(self.last(x.permute(0, 2, 3, 1)).mean((1, 2)))


class ProtoPNet(PaperCnn):
    """Five prototypes of 32 channels for each class behind the convolutions of the paper's network."""

    def __init__(self) -> None:
        super().__init__()
        del self._modules["head"]
        self.add_on = nn.Sequential(nn.Conv2d(128, 32, 1), nn.ReLU(), nn.Conv2d(32, 32, 1), nn.Sigmoid())
        self.prototypes = nn.Parameter(torch.rand(50, 32, 1, 1))
        own = torch.eye(10).repeat_interleave(5, 1)
        self.register_buffer("own", own)
        self.register_buffer("last", 1.5 * own - 0.5)

    def head(self, x: torch.Tensor) -> torch.Tensor:
        z = self.add_on(x)
        squares = z.pow(2).sum(1, keepdim=True) + self.prototypes.pow(2).sum((1, 2, 3))[:, None, None]
        distances = F.relu(squares - 2 * F.conv2d(z, self.prototypes))
        self.nearest = -F.max_pool2d(-distances, 7).flatten(1)
        return torch.log((self.nearest + 1) / (self.nearest + 1e-4)) @ self.last.T

    def term(self, labels: torch.Tensor) -> torch.Tensor:
        """0.8 of the cluster term less 0.08 of the separation term."""
        own = self.own[labels]
        cluster = (self.nearest + 1e6 * (1 - own)).amin(1).mean()
        return 0.8 * cluster - 0.08 * (self.nearest + 1e6 * own).amin(1).mean()


MODELS = {
    "paper-cnn": PaperCnn, "resnet8": lambda: Resnet(8), "resnet20": lambda: Resnet(20),
    "convnext": Convnext, "swin": Swin, "protopnet": ProtoPNet,
}


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


def images_per_second(name: str, paradigm: str, batch: int, seconds: float) -> float:
    torch.manual_seed(1)
    model = MODELS[name]().train()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    images = torch.rand(batch, 1, 28, 28)
    labels = torch.arange(batch) % 10

    def step() -> None:
        optimizer.zero_grad(set_to_none=True)
        activations = model.features((images - 0.1307) / 0.3081)
        logits = model.head(activations)
        loss = F.cross_entropy(logits, labels)
        if isinstance(model, ProtoPNet):
            loss = loss + model.term(labels)
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
    parser.add_argument("--model", choices=MODELS, default="paper-cnn")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    speeds = {p: images_per_second(options.model, p, options.batch, options.seconds) for p in ("C", "R")}
    print(json.dumps({"torch": torch.__version__, **vars(options), **speeds}))


if __name__ == "__main__":
    main()
