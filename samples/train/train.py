#!/usr/bin/env python3
"""Trains a small transformer on the slices of an export, one after the other, with a checkpoint after each.

    aval export opt-out --to ../sliced --format text --slices 8
    aval run --release opt-out --export ../sliced --name net-1 --model ../net-1 --seed 7 -- python3 train.py

When somebody objects later, `aval impact` says from which slice on training has to be done again. The checkpoint
before that slice has never seen what is in it or after it:

    aval run --release opt-out --export ../sliced-2 --name net-2 --model ../net-2 --seed 7 --replaces net-1 \\
        -- python3 train.py --resume ../net-1 --from-slice 3

Reads AVAL_DATA (data/slice-NNNN.txt), AVAL_MODEL and AVAL_SEED. On the same machine the same seed gives the same
weights, so weights that were resumed are those that training from the beginning gives;
the last line is their hash.
"""

import argparse
import hashlib
import os
import pathlib
import shutil
import sys

import torch
from torch import nn

CONTEXT = 64
WIDTH = 64
BATCH = 16


class Small(nn.Module):
    """A transformer over bytes: two layers, four heads, a causal mask."""

    def __init__(self) -> None:
        super().__init__()
        self.bytes = nn.Embedding(256, WIDTH)
        self.places = nn.Embedding(CONTEXT, WIDTH)
        layer = nn.TransformerEncoderLayer(WIDTH, 4, 4 * WIDTH, dropout=0.0, batch_first=True)
        self.layers = nn.TransformerEncoder(layer, 2)
        self.out = nn.Linear(WIDTH, 256)
        self.register_buffer("mask", torch.triu(torch.full((CONTEXT, CONTEXT), float("-inf")), 1))

    def forward(self, text: torch.Tensor) -> torch.Tensor:
        places = torch.arange(text.shape[1])
        read = self.bytes(text) + self.places(places)
        return self.out(self.layers(read, mask=self.mask[: text.shape[1], : text.shape[1]]))


def train_slice(net: Small, optimiser: torch.optim.Optimizer, path: pathlib.Path, steps: int, seed: int) -> float:
    """Trains on one slice, whose batches its own name and the seed decide; the loss of the last step."""
    text = torch.frombuffer(bytearray(path.read_bytes()), dtype=torch.uint8).long()
    if len(text) <= CONTEXT + 1:
        return float("nan")
    drawn = torch.Generator().manual_seed(
        int.from_bytes(hashlib.sha256(f"{seed}\n{path.name}".encode()).digest()[:7], "big"))
    loss = torch.tensor(float("nan"))
    for _ in range(steps):
        starts = torch.randint(0, len(text) - CONTEXT - 1, (BATCH,), generator=drawn)
        batch = torch.stack([text[start : start + CONTEXT + 1] for start in starts.tolist()])
        said = net(batch[:, :-1])
        loss = nn.functional.cross_entropy(said.reshape(-1, 256), batch[:, 1:].reshape(-1))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return loss.item()


def digest(state: dict) -> str:
    """SHA-256 of all weights."""
    sha = hashlib.sha256()
    for name, weights in sorted(state.items()):
        sha.update(name.encode())
        sha.update(weights.contiguous().numpy().tobytes())
    return sha.hexdigest()


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--resume", help="the folder of an earlier model, whose checkpoints are taken over")
    words.add_argument("--from-slice", type=int, default=1, help="the first slice that is trained (aval impact says it)")
    words.add_argument("--steps", type=int, default=40, help="steps a slice")
    asked = words.parse_args()

    data, model = pathlib.Path(os.environ["AVAL_DATA"]), pathlib.Path(os.environ["AVAL_MODEL"])
    seed = int(os.environ.get("AVAL_SEED", "0"))
    slices = sorted(data.glob("slice-*.txt"))
    if not slices:
        print(f"{data}: no slice-*.txt here. Export with: aval export … --format text --slices K", file=sys.stderr)
        return 2
    if asked.from_slice > 1 and not asked.resume:
        print("--from-slice goes with --resume: the checkpoint before that slice comes from there.", file=sys.stderr)
        return 2

    torch.manual_seed(seed)
    torch.set_num_threads(1)  # Sums over several threads may differ in their last bit.
    torch.use_deterministic_algorithms(True)
    net = Small()
    optimiser = torch.optim.Adam(net.parameters(), lr=3e-3)
    for number, path in enumerate(slices, start=1):
        checkpoint = model / f"after-{path.stem}.pt"
        if number < asked.from_slice:
            shutil.copyfile(pathlib.Path(asked.resume) / checkpoint.name, checkpoint)
            continue
        if number == asked.from_slice and number > 1:
            before = torch.load(model / f"after-{slices[number - 2].stem}.pt")
            net.load_state_dict(before["net"])
            optimiser.load_state_dict(before["optimiser"])
        loss = train_slice(net, optimiser, path, asked.steps, seed)
        torch.save({"net": net.state_dict(), "optimiser": optimiser.state_dict()}, checkpoint)
        print(f"{path.stem}: loss {loss:.3f}", flush=True)
    print(f"weights {digest(net.state_dict())}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
