"""Reads a history of Afterimage: runs, epochs, predictions, class activation maps, weights and networks.

    import afterimage
    history = afterimage.open("FOLDER")     # the data folder; nothing in it is changed
    history.runs()
    history.examples("mnist-r", epoch="best")

Needs NumPy. Tables are pandas' data frames where pandas is installed, else dicts of columns. Networks need
torch. Columns have the names that the application gives them in its CSV and JSON; what is undefined is NaN.
What the application writes meanwhile is seen by the next call.
"""

import functools
import json
import math
import os
import sqlite3
import sys
from pathlib import Path

import numpy as np

__all__ = ["AfterimageError", "History", "open"]

# 'AFIM', which marks the file; the first schema with everything that is read here.
_APPLICATION_ID = 0x4146494D
_FIRST_SCHEMA = 5
_CAM_EPSILON = 1e-7
_DTYPES = {"F32": "<f4", "U8": "|u1", "I32": "<i4", "U32": "<u4"}


class AfterimageError(Exception):
    """What went wrong, and what to do, in one line."""


def open(data_dir=None):
    """The history of a data folder: the one given, else AFTERIMAGE_DATA_DIR, else the platform's."""
    return History(_default_folder() if data_dir is None else data_dir)


def _default_folder():
    if "AFTERIMAGE_DATA_DIR" in os.environ:
        return os.environ["AFTERIMAGE_DATA_DIR"]
    if sys.platform == "win32":
        base = os.environ.get("APPDATA", Path.home() / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = os.environ.get("XDG_CONFIG_HOME", Path.home() / ".config")
    return Path(base) / "Afterimage"


def _connect(path, option):
    connection = sqlite3.connect(
        f"{path.as_uri()}?{option}", uri=True, timeout=5, isolation_level=None
    )
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _open_history(path):
    log = path.with_name(f"{path.name}-wal")
    # Where nothing can be put beside it, SQLite reads without a log only what it is told will not change.
    is_frozen = not os.access(path.parent, os.W_OK) and not (log.exists() and log.stat().st_size)
    try:
        return _connect(path, "mode=ro&immutable=1" if is_frozen else "mode=ro")
    except sqlite3.Error as error:
        raise AfterimageError(f"{path} cannot be read: {error}.") from error


class History:
    """All runs of a data folder, open for reading. Runs are named by id, the beginning of one, or name."""

    def __init__(self, data_dir):
        self.folder = Path(data_dir).expanduser().resolve()
        path = self.folder / "history.sqlite"
        if not path.is_file():
            raise AfterimageError(
                f"There is no history in {self.folder}: name the folder that --data-dir names."
            )
        self._connection = _open_history(path)
        try:
            self._check(path)
        except BaseException:
            self.close()
            raise

    def close(self):
        self._connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __repr__(self):
        return f"afterimage.History({str(self.folder)!r})"

    def runs(self, deleted=False):
        """A row for each run, newest first; `deleted`: those in the bin. `config` is a dict."""
        rows = self._rows(
            f"""SELECT runs.*, coalesce((SELECT max(epoch) FROM epochs
                  WHERE epochs.run_key = runs.run_key), -1) AS last FROM runs
                WHERE deleted_at IS {'NOT NULL' if deleted else 'NULL'}
                  AND NOT (deleted_at IS NOT NULL AND owner_pid IS NOT NULL
                    AND status NOT IN ('queued', 'running'))
                ORDER BY created_at DESC, run_key DESC"""
        )
        configs = [json.loads(row["config"]) for row in rows]
        engines = [json.loads(row["engine"] or "{}") for row in rows]
        tags = {row["run_key"]: [] for row in rows}
        for tag in self._rows("SELECT run_key, tag FROM run_tags ORDER BY tag"):
            tags.get(tag["run_key"], []).append(tag["tag"])
        plain = lambda column: [row[column] for row in rows]
        return _table(
            {
                **{name: plain(name) for name in ("id", "name", "experiment", "status", "seed")},
                "dataset": [config["data"]["dataset"] for config in configs],
                "datasetId": plain("dataset_id"),
                "model": [config["model"]["name"] for config in configs],
                "engine": [engine.get("name") for engine in engines],
                "epochs": [row["last"] + 1 for row in rows],
                "bestEpoch": plain("best_epoch"),
                "tags": [tags[row["run_key"]] for row in rows],
                "note": plain("note"),
                **{name: plain(_column(name)) for name in ("createdAt", "startedAt", "finishedAt")},
                "config": configs,
            }
        )

    def epochs(self, run):
        """A row for each epoch, 0 (untrained) first. `NAMEN` is how many test images a mean is over."""
        rows = self._rows("SELECT * FROM epochs WHERE run_key = ? ORDER BY epoch", self._run(run)["run_key"])
        return _table(_epoch_columns(rows))

    def examples(self, run, epoch="best"):
        """
        A row for each test image: label, prediction, probabilities p0, p1, ..., measures of its map, and what
        people say of it: `tags`, a list, and `note`.
        """
        found, number = self._epoch(run, epoch)
        images = self._images_of(found)
        parts = self._read_predictions(found, number, images)
        probabilities = parts.pop("probabilities")
        two = np.sort(probabilities.astype("f8"), axis=1)
        predicted = probabilities.argmax(1)
        second = two[:, -2] if two.shape[1] > 1 else 0.0
        return _table(
            {
                "exampleId": images["ids"],
                "epoch": np.full(len(images["ids"]), number),
                "label": images["labels"],
                "correct": predicted == images["labels"],
                "predictedClass": predicted,
                "confidence": probabilities.max(1),
                "confidenceMargin": two[:, -1] - second,
                **{f"p{k}": probabilities[:, k] for k in range(probabilities.shape[1])},
                **parts,
                "maskArea": images["areas"],
                **self._read_marks(found, images["ids"]),
            }
        )

    def images(self, run, split="test"):
        """
        uint8 [N, S, S], of colour images [N, S, S, 3]; `split`: test, in the order of `examples` and
        `maps`, train or validation.
        """
        return self._read_data(run, split, "images")

    def labels(self, run, split="test"):
        """uint8 [N], in the order of `images`."""
        return self._read_data(run, split, "labels")

    def split(self, run, split="test"):
        """uint32 [N], ascending: which images of the data set's own test or training split a run uses."""
        if split not in ("train", "validation", "test"):
            raise AfterimageError(f"There is no split {split}: it is train, validation or test.")
        digest = self._begun(run)["split_digest"]
        row = self._rows("SELECT * FROM splits WHERE digest = ?", digest)[0]
        return np.frombuffer(row[split], "<u4")

    def class_names(self, run):
        """What the classes are called, in order."""
        return self._dataset(self._begun(run))["classNames"]

    def maps(self, run, epoch="best", resized=False, target="predicted"):
        """
        Grad-CAM maps of all test images, float32: native ones M [N, h, h], or with `resized` as they are
        drawn, [N, S, S] in [0, 1]. `target`: of the class that was predicted, or of the label.
        """
        if target not in ("predicted", "label"):
            raise AfterimageError(f"There are no maps of {target}: target is predicted or label.")
        found, number = self._epoch(run, epoch)
        images = self._images_of(found)
        levels, scales = self._read_maps(found, number, images, target)
        # As the application computes, in float64 rounded once.
        native = (levels / 255 * scales[:, None, None]).astype("f4")
        if not resized:
            return native
        return _resize(native, self._dataset(found)["imageSize"])

    def weights(self, run, epoch="best"):
        """Arrays by name, as TensorFlow lays them out: kernels [height, width, in, out], dense [in, out]."""
        found, number = self._epoch(run, epoch)
        where = (found["run_key"], number)
        row = self._rows("SELECT data FROM weights WHERE run_key = ? AND epoch = ?", *where)[0]
        return _decode_safetensors(row["data"])

    def layers(self, run):
        """The network's layers as the application describes them, in order; each a dict."""
        found = self._begun(run)
        return _list_layers(json.loads(found["config"])["model"], self._dataset(found))

    def torch_model(self, run, epoch="best"):
        """
        The network of an epoch in evaluation mode: takes images [B, 1 or 3, S, S] in [0, 1], normalises
        them itself, and gives logits [B, classes]. `model.layers["relu3"]` is a layer (a dot in its name is
        _ there), `model.target_layer` the one whose maps the run recorded.
        """
        found = self._begun(run)
        config, dataset = json.loads(found["config"]), self._dataset(found)
        layers = _list_layers(config["model"], dataset)
        network = _network_class()(layers, self.weights(run, epoch), dataset, config)
        return network.eval()

    def _check(self, path):
        pragma = lambda name: self._rows(f"PRAGMA {name}")[0][0]
        if pragma("application_id") != _APPLICATION_ID:
            raise AfterimageError(f"{path} is not a history of Afterimage.")
        if pragma("user_version") < _FIRST_SCHEMA:
            raise AfterimageError(
                f"{path} is of an earlier version of Afterimage: open it once with this one."
            )
        for table, columns in _READ_COLUMNS.items():
            known = {row["name"] for row in self._rows(f"PRAGMA table_info({table})")}
            missing = [column for column in columns if column not in known]
            if missing:
                raise AfterimageError(
                    f"{path} is of a later version of Afterimage ({table} has no {missing[0]}): "
                    "take the afterimage.py of that version."
                )

    def _rows(self, sql, *values):
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise AfterimageError(f"The history in {self.folder} cannot be read: {error}.") from error

    def _run(self, name):
        """The row of a run, found as the application finds it."""
        outside_first = "ORDER BY deleted_at IS NOT NULL, run_key"
        for where, values in (
            ("id = ?", (name,)),
            ("name = ?", (name,)),
            ("substr(id, 1, length(?)) = ? AND ? <> ''", (name, name, name)),
        ):
            found = self._rows(f"SELECT * FROM runs WHERE {where} {outside_first}", *values)
            outside = [row for row in found if row["deleted_at"] is None] or found
            if len(outside) == 1:
                return outside[0]
            if outside:
                ids = ", ".join(row["id"] for row in outside)
                raise AfterimageError(f"{name} may be any of {ids}: give the id.")
        raise AfterimageError(f"There is no run {name}: runs() lists them.")

    def _begun(self, run):
        found = self._run(run)
        if found["dataset_id"] is None:
            raise AfterimageError(f"Run {found['name']} has not begun: it has no data set yet.")
        return found

    def _epoch(self, run, epoch):
        """The run's row and the number of one of its epochs: best, last or a number."""
        found = self._run(run)
        last = self._rows("SELECT max(epoch) FROM epochs WHERE run_key = ?", found["run_key"])[0][0]
        if last is None:
            raise AfterimageError(f"Run {found['name']} has no epoch yet.")
        if epoch == "best":
            return found, last if found["best_epoch"] is None else found["best_epoch"]
        if epoch == "last":
            return found, last
        if isinstance(epoch, (int, np.integer)) and 0 <= epoch <= last:
            return found, int(epoch)
        raise AfterimageError(
            f"There is no epoch {epoch} of run {found['name']}: it has 0 to {last}, best and last."
        )

    def _dataset(self, found):
        row = self._rows("SELECT record FROM datasets WHERE id = ?", found["dataset_id"])[0]
        return {"channels": 1, **json.loads(row["record"])}

    def _images_of(self, found):
        row = self._rows("SELECT * FROM example_sets WHERE run_key = ?", found["run_key"])[0]
        return {
            "classes": row["classes"],
            "map_size": row["map_size"],
            "ids": np.frombuffer(row["example_ids"], "<u4"),
            "labels": np.frombuffer(row["labels"], "u1"),
            "areas": np.frombuffer(row["mask_area"], "<f4"),
        }

    def _chunks(self, found, number, column):
        sql = f"SELECT {column} FROM example_chunks WHERE run_key = ? AND epoch = ? ORDER BY chunk"
        return [row[0] for row in self._rows(sql, found["run_key"], number)]

    def _read_predictions(self, found, number, images):
        """`probabilities` [N, classes], and a column for each metric that the epoch recorded."""
        sql = "SELECT map_means FROM epochs WHERE run_key = ? AND epoch = ?"
        recorded = list(json.loads(self._rows(sql, found["run_key"], number)[0][0]))
        columns = {"probabilities": [], **{name: [] for name in recorded}}
        for blob in self._chunks(found, number, "predictions"):
            values = np.frombuffer(blob, "<f4")
            n = len(values) // (images["classes"] + len(recorded))
            head = n * images["classes"]
            columns["probabilities"].append(values[:head].reshape(n, -1))
            for i, name in enumerate(recorded):
                columns[name].append(values[head + i * n : head + (i + 1) * n])
        return {name: np.concatenate(parts) for name, parts in columns.items()}

    def _read_marks(self, found, ids):
        """`tags` and `note` of each image, which all runs on its data set show."""
        # A history that no newer version opened has no marks.
        has_marks = self._rows("SELECT 1 FROM sqlite_master WHERE name = 'example_marks'")
        sql = "SELECT * FROM example_marks WHERE dataset_id = ? AND split = 'test'"
        rows = self._rows(sql, found["dataset_id"]) if has_marks else []
        known = {row["example_id"]: row for row in rows}
        marks = [known.get(int(image)) for image in ids]
        return {
            "tags": [json.loads(mark["tags"]) if mark else [] for mark in marks],
            "note": [mark["note"] if mark else "" for mark in marks],
        }

    def _read_maps(self, found, number, images, target):
        """Levels uint8 [N, h, h] and scales float32 [N]."""
        size, count = images["map_size"], len(images["ids"])
        levels, scales = np.zeros((count, size, size), "u1"), np.zeros(count, "f4")
        first = 0
        for blob in self._chunks(found, number, "maps"):
            n = len(blob) // (4 + size * size)
            scales[first : first + n] = np.frombuffer(blob, "<f4", n)
            levels[first : first + n] = np.frombuffer(blob, "u1", offset=4 * n).reshape(n, size, size)
            if first == 0:
                per_chunk = n
            first += n
        if target == "label":
            for chunk, blob in enumerate(self._chunks(found, number, "label_maps")):
                n = len(blob) // (8 + size * size)
                places = np.frombuffer(blob, "<u4", n) + chunk * per_chunk
                scales[places] = np.frombuffer(blob, "<f4", n, 4 * n)
                levels[places] = np.frombuffer(blob, "u1", offset=8 * n).reshape(n, size, size)
        return levels, scales

    def _read_data(self, run, split, what):
        found = self._begun(run)
        indices, dataset = self.split(run, split), self._dataset(found)
        path = self.folder / "datasets" / f"{dataset['id']}.safetensors"
        if not path.is_file():
            raise AfterimageError(
                f"The images of data set {dataset['name']} are not here: bring them with datasets import or "
                f"fetch; they came from {dataset['source']}."
            )
        file = np.memmap(path, "u1", "r")
        body = 8 + int.from_bytes(file[:8].tobytes(), "little")
        entry = json.loads(file[8:body].tobytes())[f"{'test' if split == 'test' else 'train'}/{what}"]
        begin, end = entry["data_offsets"]
        return np.array(file[body + begin : body + end].reshape(entry["shape"])[indices])


_READ_COLUMNS = {
    "runs": ["run_key", "id", "name", "status", "config", "dataset_id", "split_digest", "best_epoch"],
    "epochs": ["run_key", "epoch", "terms", "map_means", "test_images"],
    "example_sets": ["classes", "map_size", "example_ids", "labels", "mask_area"],
    "example_chunks": ["epoch", "chunk", "predictions", "maps", "label_maps"],
    "weights": ["run_key", "epoch", "data"],
    "splits": ["digest", "train", "validation", "test"],
    "datasets": ["id", "record"],
}
# Not metrics: keys, sizes, checksums and what is spread out by name.
_NO_METRICS = {"run_key", "bytes", "examples_digest", "weights_digest", "terms", "map_means"}


def _table(columns):
    try:
        import pandas
    except ImportError:
        return columns
    return pandas.DataFrame(columns)


def _column(name):
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def _camel(column):
    first, *rest = column.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _number(value):
    return math.nan if value is None else value


def _epoch_columns(rows):
    columns = {}
    plain = [name for name in rows[0].keys() if name not in _NO_METRICS] if rows else ["epoch"]
    for name in plain:
        columns[_camel(name)] = [_number(row[name]) for row in rows]
    terms, means = ([json.loads(row[name]) for row in rows] for name in ("terms", "map_means"))
    for split in ("train", "validation"):
        for name in _names(epoch[split] for epoch in terms):
            values = [_number(epoch[split].get(name)) for epoch in terms]
            columns[f"{split}{name[0].upper()}{name[1:]}"] = values
    for name in _names(means):
        entries = [epoch.get(name) for epoch in means]
        columns[name] = [math.nan if entry is None else _number(entry["mean"]) for entry in entries]
        columns[f"{name}N"] = [
            math.nan if entry is None else row["test_images"] - entry["undefinedImages"]
            for row, entry in zip(rows, entries)
        ]
    return columns


def _names(dicts):
    """Every key, in the order of its first appearance."""
    return list(dict.fromkeys(name for entry in dicts for name in entry))


def _decode_safetensors(data):
    body = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:body])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = np.frombuffer(data[body + begin : body + end], _DTYPES[entry["dtype"]])
        tensors[name] = values.reshape(entry["shape"]).copy()
    return tensors


def _cubic(x):
    """Keys's convolution kernel with a = -0.75."""
    a, t = -0.75, abs(x)
    if t <= 1:
        return ((a + 2) * t - (a + 3)) * t * t + 1
    return ((a * t - 5 * a) * t + 8 * a) * t - 4 * a if t < 2 else 0.0


def _bicubic_matrix(output, size):
    """float64 of float32 values [output, size]: half-pixel centres, edge values repeated, rows sum to 1."""
    matrix = np.zeros((output, size))
    for row in range(output):
        centre = ((row + 0.5) * size) / output - 0.5
        first = math.floor(centre) - 1
        for tap in range(first, first + 4):
            matrix[row, min(max(tap, 0), size - 1)] += _cubic(centre - tap)
    return matrix.astype("f4").astype("f8")


def _resize(maps, output):
    """
    U = max(0, R M R^T) / (max U + 1e-7), [N, h, h] -> [N, output, output]. Sums run over k in order and are
    rounded where the application rounds, so that the bits are the same.
    """
    count, size, _ = maps.shape
    matrix, resized = _bicubic_matrix(output, size), np.empty((count, output, output), "f4")
    # In pieces: float64 takes twice the memory, and of large images that is gigabytes.
    for first in range(0, count, 256):
        part = maps[first : first + 256].astype("f8")
        rows = np.zeros((len(part), output, size))
        for k in range(size):
            rows += matrix[None, :, k, None] * part[:, None, k, :]
        rows = rows.astype("f4").astype("f8")
        whole = np.zeros((len(part), output, output))
        for k in range(size):
            whole += rows[:, :, k, None] * matrix[None, None, :, k]
        whole = np.maximum(whole, 0)
        largest = whole.max((1, 2), keepdims=True)
        resized[first : first + 256] = whole.astype("f4").astype("f8") / (largest + _CAM_EPSILON)
    return resized


def _list_layers(model, dataset):
    """What `describeModel` of the application lists, without how weights start."""
    settings = {"classes": len(dataset["classNames"]), "image_size": dataset["imageSize"], **model}
    if model["name"] not in _MODELS:
        raise AfterimageError(
            f"afterimage.py knows no model {model['name']}: it knows {', '.join(_MODELS)}."
        )
    return _MODELS[model["name"]](settings)


def _layer(kind, name, **fields):
    return {"kind": kind, "name": name, **fields}


def _paper_cnn(settings):
    layers, pooling = [], settings.get("pooling", 3)
    for i, outputs in enumerate((32, 64, 128), 1):
        layers += [_layer("convolution", f"conv{i}", outputs=outputs), _layer("batchNorm", f"bn{i}")]
        layers += [_layer("relu", f"relu{i}")]
        layers += [_layer("maxPool", f"pool{i}")] if i <= pooling else []
    return layers + [
        _layer("flatten", "flatten"),
        _layer("dropout", "dropout"),
        _layer("dense", "dense1", outputs=256),
        _layer("relu", "relu"),
        _layer("dense", "dense2", outputs=settings["classes"]),
    ]


def _resnet(settings):
    depth = settings.get("depth", "20")
    wide = depth == "18"
    channels = (64, 128, 256, 512) if wide else (16, 32, 64)
    blocks = 2 if wide else (int(depth) - 2) // 6
    conv = lambda name, outputs, stride=1, size=3, **fields: _layer(
        "convolution", name, outputs=outputs, kernelSize=size, stride=stride, bias=False, **fields
    )
    layers = [conv("stem", channels[0]), _layer("batchNorm", "stem.bn"), _layer("relu", "stem.relu")]
    for stage, outputs in enumerate(channels):
        for number in range(blocks):
            name, before = f"stage{stage + 1}.{number + 1}", layers[-1]["name"]
            skip, shrinks = [], stage > 0 and number == 0
            if shrinks and wide:
                skip = [conv(f"{name}.shortcut", outputs, 2, 1, **{"from": before})]
                skip += [_layer("batchNorm", f"{name}.shortcutNorm")]
            elif shrinks:
                skip = [_layer("shrink", f"{name}.shortcut", outputs=outputs, **{"from": before})]
            layers += skip + [
                conv(f"{name}.conv1", outputs, 2 if shrinks else 1, **{"from": before}),
                _layer("batchNorm", f"{name}.bn1"),
                _layer("relu", f"{name}.relu1"),
                conv(f"{name}.conv2", outputs),
                _layer("batchNorm", f"{name}.bn2"),
                _layer("add", f"{name}.sum", other=skip[-1]["name"] if skip else before),
                _layer("relu", f"{name}.relu2"),
            ]
    return layers + [
        _layer("averagePool", "pool"),
        _layer("dense", "dense", outputs=settings["classes"]),
    ]


def _patches(name, outputs, size):
    return _layer("convolution", name, outputs=outputs, kernelSize=size, stride=size)


def _convnext(settings):
    atto = settings.get("size", "mini") == "atto"
    depths, channels = ((2, 2, 6, 2), (40, 80, 160, 320)) if atto else ((1, 1, 3, 1), (16, 32, 64, 128))
    stem = _patches("stem", channels[0], int(settings.get("patch", "2")))
    layers = [stem, _layer("layerNorm", "stem.norm")]
    for stage, outputs in enumerate(channels):
        name = f"stage{stage + 1}"
        if stage > 0:
            size = 2 if stage <= settings.get("halvings", 1) else 1
            layers += [_layer("layerNorm", f"{name}.norm"), _patches(f"{name}.reduce", outputs, size)]
        for number in range(1, depths[stage] + 1):
            block, before = f"{name}.{number}", layers[-1]["name"]
            layers += [
                _layer("depthwise", f"{block}.depthwise", kernelSize=7, **{"from": before}),
                _layer("layerNorm", f"{block}.norm"),
                _layer("dense", f"{block}.dense1", outputs=4 * outputs),
                _layer("gelu", f"{block}.gelu"),
                _layer("responseNorm", f"{block}.grn"),
                _layer("dense", f"{block}.dense2", outputs=outputs),
                _layer("add", f"{block}.sum", other=before),
            ]
    return layers + [
        _layer("averagePool", "pool"),
        _layer("layerNorm", "norm"),
        _layer("dense", "dense", outputs=settings["classes"]),
    ]


def _swin(settings):
    patch, channels = int(settings.get("patch", "2")), int(settings.get("channels", "32"))
    layers = [_patches("stem", channels, patch), _layer("layerNorm", "stem.norm")]
    size = settings["image_size"] // patch
    for stage, heads in enumerate((2, 4)):
        name, width = f"stage{stage + 1}", channels * 2**stage
        if stage > 0:
            size = -(-size // 2)
            layers += [
                _layer("mergePatches", f"{name}.merge"),
                _layer("layerNorm", f"{name}.norm"),
                _layer("dense", f"{name}.reduce", outputs=width, bias=False),
            ]
        window = min(settings.get("window", 7), size)
        for number in range(2):
            block, before = f"{name}.{number + 1}", layers[-1]["name"]
            shift = window // 2 if number % 2 == 1 and window < size else 0
            attention = {"heads": heads, "window": window, "shift": shift}
            layers += [
                _layer("layerNorm", f"{block}.norm1", **{"from": before}),
                _layer("windowAttention", f"{block}.attention", **attention),
                _layer("add", f"{block}.sum1", other=before),
                _layer("layerNorm", f"{block}.norm2"),
                _layer("dense", f"{block}.dense1", outputs=4 * width),
                _layer("gelu", f"{block}.gelu"),
                _layer("dense", f"{block}.dense2", outputs=width),
                _layer("add", f"{block}.sum2", other=f"{block}.sum1"),
            ]
    return layers + [
        _layer("layerNorm", "norm"),
        _layer("averagePool", "pool"),
        _layer("dense", "dense", outputs=settings["classes"]),
    ]


_MODELS = {"paper-cnn": _paper_cnn, "resnet": _resnet, "convnext": _convnext, "swin": _swin}


@functools.lru_cache(maxsize=None)
def _network_class():
    """Made at the first use, so that everything else does without torch."""
    try:
        import torch
    except ImportError as error:
        raise AfterimageError("torch_model needs torch: pip install torch.") from error
    from torch import nn
    from torch.nn import functional as F

    parameter = lambda values: nn.Parameter(torch.from_numpy(np.ascontiguousarray(values)))
    last = lambda x: x.permute(0, 2, 3, 1)
    first = lambda x: x.permute(0, 3, 1, 2)

    class ByPosition(nn.Module):
        """Works on the channels of each position: of [B, C, H, W], or of [B, C]."""

        def __init__(self, inner):
            super().__init__()
            self.inner = inner

        def forward(self, x):
            return first(self.inner(last(x))) if x.dim() == 4 else self.inner(x)

    class ResponseNorm(nn.Module):
        def __init__(self, gamma, beta):
            super().__init__()
            self.gamma, self.beta = parameter(gamma[:, None, None]), parameter(beta[:, None, None])

        def forward(self, x):
            norms = (x.square().sum((2, 3), keepdim=True) + 1e-12).sqrt()
            return x * (1 + self.gamma * norms / (norms.mean(1, keepdim=True) + 1e-6)) + self.beta

    class Shrink(nn.Module):
        def __init__(self, outputs):
            super().__init__()
            self.outputs = outputs

        def forward(self, x):
            return F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 0, self.outputs - x.shape[1]))

    class MergePatches(nn.Module):
        def forward(self, x):
            x = F.pad(x, (0, x.shape[3] % 2, 0, x.shape[2] % 2))
            return torch.cat([x[:, :, i::2, j::2] for i in (0, 1) for j in (0, 1)], 1)

    class WindowAttention(nn.Module):
        def __init__(self, layer, take):
            super().__init__()
            self.heads, self.window, self.shift = layer["heads"], layer["window"], layer["shift"]
            self.qkv = linear(take("qkv/kernel"), take("qkv/bias"))
            self.projection = linear(take("projection/kernel"), take("projection/bias"))
            self.position_bias = parameter(take("positionBias"))
            at = torch.stack(torch.meshgrid(*[torch.arange(self.window)] * 2, indexing="ij")).flatten(1)
            down, right = at[:, :, None] - at[:, None, :] + self.window - 1
            self.register_buffer("relative", down * (2 * self.window - 1) + right, persistent=False)

        def cut(self, x):
            """[B, side, side, C] -> [B, windows, window², C]"""
            batch, side, _, channels = x.shape
            n, w = side // self.window, self.window
            return x.view(batch, n, w, n, w, channels).transpose(2, 3).reshape(batch, n * n, w * w, channels)

        def mask(self, side, device):
            """[windows, 1, window², window²]: 0, or -100 for two tokens that only the shift brought together"""
            place = torch.arange(side, device=device)
            region = (place >= side - self.window).int() + (place >= side - self.shift).int()
            regions = self.cut((3 * region[:, None] + region)[None, :, :, None])[0, :, :, 0]
            return -100.0 * (regions[:, None, :, None] != regions[:, None, None, :])

        def forward(self, x):
            x, w = last(x), self.window
            batch, size, _, channels = x.shape
            side = -(-size // w) * w
            x = F.pad(x, (0, 0, 0, side - size, 0, side - size))
            x = torch.roll(x, (-self.shift, -self.shift), (1, 2))
            windows = self.cut(x)
            n = side // w
            split = self.qkv(windows).reshape(batch, n * n, w * w, 3, self.heads, channels // self.heads)
            q, k, v = split.permute(3, 0, 1, 4, 2, 5)
            scores = (q * (channels // self.heads) ** -0.5) @ k.transpose(-2, -1)
            scores = scores + self.position_bias[self.relative].permute(2, 0, 1)
            if self.shift > 0:
                scores = scores + self.mask(side, x.device)
            mixed = (scores.softmax(-1) @ v).transpose(2, 3).reshape(batch, n * n, w * w, channels)
            joined = self.projection(mixed).view(batch, n, n, w, w, channels).transpose(2, 3)
            joined = torch.roll(joined.reshape(batch, side, side, channels), (self.shift, self.shift), (1, 2))
            return first(joined[:, :size, :size])

    def linear(kernel, bias=None):
        made = nn.Linear(*kernel.shape, bias=bias is not None)
        made.weight = parameter(kernel.T)
        if bias is not None:
            made.bias = parameter(bias)
        return made

    def convolution(kernel, bias, stride, groups):
        """`kernel` as torch has it: [out, in / groups, size, size]."""
        outputs, inputs, size, _ = kernel.shape
        padding = (size - 1) // 2 if size > stride else 0
        shape = inputs * groups, outputs, size, stride, padding
        made = nn.Conv2d(*shape, groups=groups, bias=bias is not None)
        made.weight = parameter(kernel)
        if bias is not None:
            made.bias = parameter(bias)
        return made

    def batch_norm(take):
        made = nn.BatchNorm2d(len(take("gamma")), eps=1e-5)
        made.weight, made.bias = parameter(take("gamma")), parameter(take("beta"))
        made.running_mean, made.running_var = (torch.from_numpy(take(n)) for n in ("mean", "variance"))
        return made

    def layer_norm(take):
        made = nn.LayerNorm(len(take("gamma")), eps=1e-6)
        made.weight, made.bias = parameter(take("gamma")), parameter(take("beta"))
        return ByPosition(made)

    class MeanOfPositions(nn.Module):
        def forward(self, x):
            return x.mean((2, 3))

    class FlattenPositions(nn.Module):
        """In the order height, width, channel."""

        def forward(self, x):
            return last(x).flatten(1)

    class Add(nn.Module):
        def forward(self, x, other):
            return x + other

    def build(layer, weights, dropout):
        take = lambda name: weights[f"{layer['name']}/{name}"]
        bias = lambda: take("bias") if layer.get("bias", True) else None
        kinds = {
            "convolution": lambda: convolution(
                take("kernel").transpose(3, 2, 0, 1), bias(), layer.get("stride", 1), 1
            ),
            "depthwise": lambda: convolution(
                take("kernel").transpose(2, 3, 0, 1), take("bias"), 1, take("kernel").shape[2]
            ),
            "batchNorm": lambda: batch_norm(take),
            "layerNorm": lambda: layer_norm(take),
            "responseNorm": lambda: ResponseNorm(take("gamma"), take("beta")),
            "windowAttention": lambda: WindowAttention(layer, take),
            "mergePatches": MergePatches,
            "relu": nn.ReLU,
            "gelu": nn.GELU,
            "maxPool": lambda: nn.MaxPool2d(2),
            "averagePool": MeanOfPositions,
            "add": Add,
            "shrink": lambda: Shrink(layer["outputs"]),
            "flatten": FlattenPositions,
            "dropout": lambda: nn.Dropout(dropout),
            "dense": lambda: ByPosition(linear(take("kernel"), bias())),
        }
        return kinds[layer["kind"]]()

    key = lambda name: name.replace(".", "_")

    class Network(nn.Module):
        def __init__(self, layers, weights, dataset, config):
            super().__init__()
            self.graph = layers
            dropout = config["model"].get("dropout", 0.5)
            self.layers = nn.ModuleDict(
                {key(layer["name"]): build(layer, weights, dropout) for layer in layers}
            )
            for name, value in (("mean", "mean"), ("deviation", "standardDeviation")):
                self.register_buffer(name, torch.tensor(dataset[value]).reshape(1, -1, 1, 1))
            self.image_shape = (dataset["channels"], dataset["imageSize"], dataset["imageSize"])
            self.target_layer_name = config["cam"]["targetLayer"]

        @property
        def target_layer(self):
            return self.layers[key(self.target_layer_name)]

        def forward(self, images):
            if not images.is_floating_point() or tuple(images.shape[1:]) != self.image_shape:
                wanted = ", ".join(map(str, self.image_shape))
                raise AfterimageError(
                    f"The network takes floats in [0, 1] of shape [B, {wanted}], "
                    f"not {images.dtype} of {list(images.shape)}."
                )
            x, made = (images - self.mean) / self.deviation, {}
            for layer in self.graph:
                x = made[layer["from"]] if "from" in layer else x
                others = [made[layer["other"]]] if layer["kind"] == "add" else []
                x = made[layer["name"]] = self.layers[key(layer["name"])](x, *others)
            return x

    return Network
