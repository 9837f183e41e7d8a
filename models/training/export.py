"""Writes a checkpoint as models/action-expert.onnx with its SHA-256 beside it, and vectors for the parity test.

    python export.py --checkpoint DIR/checkpoint.pt --dev DIR --out ../action-expert.onnx [--vectors FILE]
"""
import argparse
import hashlib
import inspect
import json
import os

import torch

from data import Shards
from model import INPUTS, OUTPUTS, ActionExpert


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--checkpoint", required=True)
    p.add_argument("--dev", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--vectors", help="JSON with a few inputs and torch's answers")
    args = p.parse_args()
    saved = torch.load(args.checkpoint, map_location="cpu")
    config = saved["config"]
    net = ActionExpert(config["width"], config["blocks"], config["heads"])
    net.load_state_dict(saved["net"])
    net.eval()
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
        with torch.no_grad():
            answers = dict(zip(OUTPUTS, net(*inputs)))
        rounded = lambda t: [round(v, 6) for v in t.flatten().tolist()]
        cases = [
            {"inputs": {k: rounded(batch[k][i]) for k in INPUTS}} for i in range(2)
        ]
        with torch.no_grad():
            for case in cases:
                again = [torch.tensor(case["inputs"][k]).reshape((1,) + tuple(batch[k].shape[1:])) for k in INPUTS]
                case["outputs"] = {k: [round(v, 7) for v in t.flatten().tolist()] for k, t in zip(OUTPUTS, net(*again))}
        with open(args.vectors, "w") as f:
            json.dump(cases, f)
    print(digest, os.path.getsize(args.out), "bytes")


if __name__ == "__main__":
    main()
