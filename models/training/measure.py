"""Errors of a network on a development set: geometry only, nothing is grasped.

    python measure.py --checkpoint DIR/best.pt --dev DIR [DIR...]
"""
import argparse
import json
import math

import torch

from data import Shards
from model import ActionExpert


def errors(net, b):
    """Corrected waypoints minus the true ones [m, columns], confidence logits, the path, and the votes [dm]."""
    place, six, tokens, logits, votes = net.corrected(b["waypoints"], b["waypoint_mask"], b["points"], b["points_mask"])
    path = net.path(b["waypoints"], b["guidance"], b["blend"], place, six, tokens)
    truth = b["truth_waypoints"]
    return place.float() - truth[..., 0:3], six.float() - truth[..., 3:9], logits.float(), path.float(), votes


def degrees(d):
    """Angle between two rotations from the difference of their first columns."""
    return 2 * torch.asin((torch.sqrt((d[..., 0:3] ** 2).sum(-1)) / 2).clamp(max=1.0)) * 180 / math.pi


@torch.no_grad()
def outcomes(net, shards, device="cpu", erase=False):
    """Per contact waypoint: errors before and after, confidence, and what is known about it."""
    net.eval()
    rows = {k: [] for k in ("coarse", "miss", "coarse_turn", "turn", "turns", "confidence", "found", "plan", "grasp")}
    for at in range(0, shards.count, 100):
        b = shards.batch(range(at, min(at + 100, shards.count)), device)
        if erase:
            b["points_mask"] = b["points_mask"] * 0
        dp, dr, logits, _, _ = errors(net, b)
        before = b["waypoints"][..., 0:9] - b["truth_waypoints"]
        contact = b["weight"] == 1
        rows["miss"].append(torch.sqrt((dp**2).sum(-1))[contact])
        rows["coarse"].append(torch.sqrt((before[..., 0:3] ** 2).sum(-1))[contact])
        rows["turn"].append(degrees(dr)[contact])
        rows["coarse_turn"].append(degrees(before[..., 3:9])[contact])
        rows["turns"].append(b["turn"][contact])
        rows["confidence"].append(torch.sigmoid(logits)[contact])
        rows["found"].append(b["found"][contact])
        rows["grasp"].append((b["waypoints"][..., 10] < b["waypoints"][..., 9] - 0.3)[contact])
        rows["plan"].append((torch.arange(len(dp)) + at).unsqueeze(1).expand(contact.shape)[contact.cpu()])
    net.train()
    return {k: torch.cat(v).cpu() for k, v in rows.items()}


def evaluate(net, shards, device="cpu", erase=False):
    r = outcomes(net, shards, device, erase)
    seen = r["found"] > 0
    turns = seen & (r["turns"] > 0)
    wide = turns & (r["coarse_turn"] > 10)
    slight = seen & (r["coarse"] < 0.004)

    def plans_ok(miss, angle):
        ok = (miss < 0.010) & ((angle < 12) | (r["turns"] == 0))
        ids = r["plan"][seen]
        failed = torch.zeros(int(r["plan"].max()) + 1).index_add_(0, ids, (~ok[seen]).float())
        there = torch.zeros_like(failed).index_add_(0, ids, torch.ones(len(ids)))
        return (failed[there > 0] == 0).float().mean().item()

    mm = lambda v: round(1000 * v.item(), 2) if v.numel() else None
    deg = lambda v: round(v.mean().item(), 2) if v.numel() else None
    return {
        "coarse_mm": mm(r["coarse"][seen].mean()),
        "mm": mm(r["miss"][seen].mean()),
        "median_mm": mm(r["miss"][seen].median()),
        "grasp_coarse_mm": mm(r["coarse"][seen & r["grasp"]].mean()),
        "grasp_mm": mm(r["miss"][seen & r["grasp"]].mean()),
        "grasp_median_mm": mm(r["miss"][seen & r["grasp"]].median()),
        "p95_mm": mm(r["miss"][seen].quantile(0.95)),
        "near_exact_coarse_mm": mm(r["coarse"][slight].mean()),
        "near_exact_mm": mm(r["miss"][slight].mean()),
        "coarse_turn_deg": deg(r["coarse_turn"][turns]),
        "turn_deg": deg(r["turn"][turns]),
        "wide_coarse_turn_deg": deg(r["coarse_turn"][wide]),
        "wide_turn_deg": deg(r["turn"][wide]),
        "coarse_plan_ok": round(plans_ok(r["coarse"], r["coarse_turn"]), 4),
        "plan_ok": round(plans_ok(r["miss"], r["turn"]), 4),
        "confidence_found": deg(r["confidence"][seen]),
        "confidence_absent": deg(r["confidence"][~seen]),
    }


def load(path):
    saved = torch.load(path, map_location="cpu")
    net = ActionExpert(**saved["config"])
    net.load_state_dict(saved["net"])
    return net.eval()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--checkpoint", required=True)
    p.add_argument("--dev", required=True, nargs="+")
    args = p.parse_args()
    net = load(args.checkpoint)
    for folder in args.dev:
        shards = Shards(folder)
        print(json.dumps({"dev": shards.index["tasks"], **evaluate(net, shards)}))
        print(json.dumps({"erased": True, **evaluate(net, shards, erase=True)}))


if __name__ == "__main__":
    main()
