"""Says in JSON what other programs read of exported runs: {npz, parquet, tensorboard, networks} on stdin."""
import hashlib
import json
import sys

import numpy as np


def digest(array):
    return {
        "type": array.dtype.str,
        "shape": list(array.shape),
        "sha256": hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest(),
    }


def read_npz(path):
    with np.load(path) as arrays:
        return {
            name: array.tolist() if array.dtype.kind == "U" else digest(array)
            for name, array in arrays.items()
        }


def read_parquet(folder):
    import pyarrow.parquet

    return {
        name: pyarrow.parquet.read_table(f"{folder}/{name}.parquet").to_pydict()
        for name in ("examples", "epochs")
    }


def read_tensorboard(folder):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.plugins.hparams import plugin_data_pb2

    events = EventAccumulator(folder)
    events.Reload()
    tags = events.PluginTagToContent("scalars")
    settings = events.PluginTagToContent("hparams")
    start = plugin_data_pb2.HParamsPluginData.FromString(settings["_hparams_/session_start_info"])
    end = plugin_data_pb2.HParamsPluginData.FromString(settings["_hparams_/session_end_info"])
    hparams = {
        name: getattr(value, value.WhichOneof("kind"))
        for name, value in start.session_start_info.hparams.items()
    }
    texts = {
        tag: events.Tensors(tag)[0].tensor_proto.string_val[0].decode()
        for tag in events.PluginTagToContent("text")
    }
    scalars = {
        tag: [[event.step, event.wall_time, event.tensor_proto.float_val[0]] for event in events.Tensors(tag)]
        for tag in tags
    }
    return {
        "scalars": scalars,
        "hparams": hparams,
        "texts": texts,
        "group": start.session_start_info.group_name,
        "success": end.session_end_info.status == 1,
    }


def run_network(onnx, npz):
    import onnxruntime

    with np.load(npz) as arrays:
        images = (arrays["images"] / 255).astype("f4")
    images = images[:, None] if images.ndim == 3 else images.transpose(0, 3, 1, 2)
    session = onnxruntime.InferenceSession(onnx)
    logits, probabilities = session.run(["logits", "probabilities"], {"images": images})
    one = session.run(["logits"], {"images": images[:1]})[0]
    return {"probabilities": probabilities.flatten().tolist(), "first": [logits[0].tolist(), one[0].tolist()]}


given = json.load(sys.stdin)
readers = {"npz": read_npz, "parquet": read_parquet, "tensorboard": read_tensorboard}
answer = {name: read(given[name]) for name, read in readers.items() if name in given}
answer["networks"] = {name: run_network(*files) for name, files in given.get("networks", {}).items()}
json.dump(answer, sys.stdout)
