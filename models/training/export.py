"""Writes a checkpoint as models/action-expert.onnx with its SHA-256 beside it, and vectors for the parity test.

    python export.py --checkpoint DIR/best.pt --dev DIR --out ../action-expert.onnx [--vectors parity.json]
"""
import argparse
import hashlib
import inspect
import json
import os

import torch

from data import Shards
from measure import load
from model import INPUTS, OUTPUTS

CASES = 2


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--checkpoint", required=True)
    p.add_argument("--dev", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--vectors", help="JSON with a few inputs and torch's answers")
    args = p.parse_args()
    net = load(args.checkpoint)
    batch = Shards(args.dev).batch(range(4))
    inputs = tuple(batch[k] for k in INPUTS)
    options = {}
    if "dynamo" in inspect.signature(torch.onnx.export).parameters:
        options["dynamo"] = False
    torch.onnx.export(
        net, inputs, args.out, input_names=INPUTS, output_names=OUTPUTS, opset_version=17,
        dynamic_axes={k: {0: "batch"} for k in INPUTS + OUTPUTS}, **options,
    )
    with open(args.out, "rb") as f:
        digest = hashlib.sha256(f.read()).hexdigest()
    with open(args.out + ".sha256", "w") as f:
        f.write(f"{digest}  {os.path.basename(args.out)}\n")
    if args.vectors:
        rounded = lambda t, digits: [round(v, digits) for v in t.flatten().tolist()]
        cases = [{"inputs": {k: rounded(batch[k][i], 6) for k in INPUTS}} for i in range(CASES)]
        with torch.no_grad():
            for case in cases:
                again = [torch.tensor(case["inputs"][k]).reshape((1,) + tuple(batch[k].shape[1:])) for k in INPUTS]
                case["outputs"] = {k: rounded(t, 7) for k, t in zip(OUTPUTS, net(*again))}
        with open(args.vectors, "w") as f:
            json.dump(cases, f)
    print(digest, os.path.getsize(args.out), "bytes")


if __name__ == "__main__":
    main()
