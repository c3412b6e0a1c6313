"""Says in JSON what afterimage.py reads: {folder, reads, networks, refused, unopened, models} on stdin."""
import hashlib
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[3] / "resources" / "python"))
import afterimage
import numpy as np


def digest(array):
    return {
        "type": str(array.dtype),
        "shape": list(array.shape),
        "sha256": hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest(),
    }


def listed(values):
    plain = values.tolist() if hasattr(values, "tolist") else values
    return [None if value != value else value for value in plain]


def columns(table):
    return {name: listed(table[name]) for name in (table if isinstance(table, dict) else table.columns)}


def network(history, run):
    import torch

    torch.set_num_threads(1)
    images = torch.from_numpy(history.images(run)).float() / 255
    images = images[:, None] if images.dim() == 3 else images.permute(0, 3, 1, 2)
    with torch.no_grad():
        return history.torch_model(run)(images).softmax(1).flatten().tolist()


def read(history, run, networks):
    return {
        "epochs": columns(history.epochs(run)),
        "examples": columns(history.examples(run)),
        "untrained": columns(history.examples(run, 0)),
        "maps": digest(history.maps(run)),
        "resized": digest(history.maps(run, resized=True)),
        "labelMaps": digest(history.maps(run, 0, target="label")),
        "images": {split: digest(history.images(run, split)) for split in ("test", "train", "validation")},
        "labels": history.labels(run).tolist(),
        "split": history.split(run, "validation").tolist(),
        "classNames": history.class_names(run),
        "weights": {name: digest(values) for name, values in history.weights(run, "last").items()},
        "probabilities": network(history, run) if networks else None,
    }


def refusal(call, *arguments):
    try:
        call(*arguments)
    except afterimage.AfterimageError as error:
        return str(error)
    return None


given = json.load(sys.stdin)
with afterimage.open(given["folder"]) as history:
    runs = history.runs()
    answer = {
        "runs": {name: list(runs[name]) for name in ("id", "name", "model", "status", "tags")},
        "epochCounts": listed(runs["epochs"]),
        "read": {run: read(history, run, given["networks"]) for run in given["reads"]},
        "refused": [refusal(getattr(history, name), *arguments) for name, arguments in given["refused"]],
        "unopened": [refusal(afterimage.open, folder) for folder in given["unopened"]],
        "models": [afterimage._list_layers(*one) for one in given["models"]],
    }
json.dump(answer, sys.stdout)
