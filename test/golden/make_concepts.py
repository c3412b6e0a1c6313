"""Which images maximise a channel's relevance, as zennit-crp has it: writes concepts.json.

Versions as in make_explainers.py, whose networks these are.
"""

import json
import pathlib

import torch
from crp.attribution import CondAttribution
from crp.concepts import ChannelConcept
from make_explainers import CASES, Normalize, build, draw_image, plain
from zennit.canonizers import SequentialMergeBatchNorm
from zennit.composites import LayerMapComposite
from zennit.rules import Epsilon, Pass, ZPlus
from zennit.types import Activation, Convolution, Linear

RULES = {
    "epsilon": [(Activation, Pass()), (Convolution, Epsilon()), (Linear, Epsilon())],
    "composite": [(Activation, Pass()), (Convolution, ZPlus()), (Linear, Epsilon())],
}


def concepts(case, count):
    network, names = build(case)
    normalize = Normalize(case["mean"], case["standardDeviation"])
    images = torch.cat([draw_image(case, 41 + i) for i in range(count)])
    normalized = normalize(images)
    targets = network(normalized).argmax(1).tolist()
    position = str(names.index(case["layer"]))
    result = {"name": case["name"], "images": images[:, 0], "targets": targets, "rules": {}}
    for name, layer_map in RULES.items():
        composite = LayerMapComposite(layer_map, canonizers=[SequentialMergeBatchNorm()])
        conditions = [{"y": [target]} for target in targets]
        whole = CondAttribution(network)(
            normalized.clone().requires_grad_(), conditions, composite, record_layer=[position])
        relevance = whole.relevances[position]
        concept = ChannelConcept()
        order, _, _ = concept.reference_sampling(relevance, position, max_target="sum", abs_norm=False)
        result["rules"][name] = {"relevance": concept.attribute(relevance, abs_norm=False), "order": order.T}
    return plain(result)


if __name__ == "__main__":
    path = pathlib.Path(__file__).parent / "concepts.json"
    path.write_text(json.dumps({"cases": [concepts(case, 10) for case in CASES[:2]]}) + "\n")
