"""Training steps in PyTorch on a GPU: the baseline of bench/gpu.ts.

    python bench/pytorch_gpu.py --batch 64,256 --seconds 2

Prints one JSON document: images per second of paper-cnn under C and R, step by step as people write it
(eager) and with the whole step as one CUDA graph, in float32 without TF32. Needs torch with CUDA.
"""

import argparse
import json
import time

import torch
import torch.nn.functional as F

from pytorch_step import PaperCnn, contrastive


class Training:
    def __init__(self, paradigm: str, batch: int) -> None:
        torch.manual_seed(1)
        self.paradigm = paradigm
        self.model = PaperCnn().cuda().train()
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-3, capturable=True, fused=True)
        self.host = (torch.rand(batch, 1, 28, 28).pin_memory(), (torch.arange(batch) % 10).pin_memory())
        self.images, self.labels = (part.cuda() for part in self.host)

    def update(self) -> torch.Tensor:
        activations = self.model.features((self.images - 0.1307) / 0.3081)
        logits = self.model.head(activations)
        loss = F.cross_entropy(logits, self.labels)
        if self.paradigm == "R":
            loss = loss + contrastive(activations, logits, self.images, self.labels)
        loss.backward()
        self.optimizer.step()
        return loss

    def load(self) -> None:
        self.images.copy_(self.host[0], non_blocking=True)
        self.labels.copy_(self.host[1], non_blocking=True)

    def eager(self):
        def step() -> float:
            self.optimizer.zero_grad(set_to_none=True)
            self.load()
            return self.update().item()

        return step

    def graph(self):
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(5):
                self.optimizer.zero_grad(set_to_none=True)
                self.update()
        torch.cuda.current_stream().wait_stream(stream)
        self.optimizer.zero_grad(set_to_none=True)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            loss = self.update()

        def step() -> float:
            self.load()
            graph.replay()
            return loss.item()

        return step


def measure(step, batch: int, seconds: float) -> float:
    for _ in range(20):
        step()
    torch.cuda.synchronize()
    began, steps = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        step()
        steps += 1
    torch.cuda.synchronize()
    return steps * batch / (time.perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch", default="64,256")
    parser.add_argument("--seconds", type=float, default=2)
    options = parser.parse_args()
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    speeds = {
        batch: {
            mode: {
                paradigm: measure(getattr(Training(paradigm, int(batch)), mode)(), int(batch), options.seconds)
                for paradigm in "CR"
            }
            for mode in ("eager", "graph")
        }
        for batch in options.batch.split(",")
    }
    print(json.dumps({"torch": torch.__version__, "device": torch.cuda.get_device_name(), "speeds": speeds}))


if __name__ == "__main__":
    main()
