"""Trains the action expert: action pre-training without clouds, then fine-tuning with clouds.

    python train.py --stage1 DIR --stage2 DIR --dev DIR --out DIR --minutes 60

Seeded, logged (log.jsonl), resumable (checkpoint.pt holds tensors, numbers and strings only). The same script runs on
CPU and GPU. --steps1/--steps2 instead of --minutes make a run repeatable on the same machine.
"""
import argparse
import json
import math
import os
import time

import numpy as np
import torch

from data import Shards, augment
from model import POINTS, ActionExpert


def arguments():
    p = argparse.ArgumentParser()
    p.add_argument("--stage1")
    p.add_argument("--stage2", required=True)
    p.add_argument("--dev", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--steps1", type=int, default=1500)
    p.add_argument("--steps2", type=int, default=8000)
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--rate", type=float, default=1e-3)
    p.add_argument("--minutes", type=float, help="stop after this long and anneal over what is left")
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--limit", type=int, help="samples of stage 2 that are used")
    p.add_argument("--half", action="store_true", help="bfloat16 where it is safe; weights stay float32")
    p.add_argument("--width", type=int, default=160)
    p.add_argument("--blocks", type=int, default=3)
    return p.parse_args()


def errors(net, b):
    """Corrected waypoints minus the true ones [m, columns], confidence logits, and the path."""
    place, six, tokens, logits = net.corrected(b["waypoints"], b["waypoint_mask"], b["points"], b["points_mask"])
    path = net.path(b["waypoints"], b["guidance"], b["blend"], place, six, tokens)
    truth = b["truth_waypoints"]
    return place.float() - truth[..., 0:3], six.float() - truth[..., 3:9], logits.float(), path.float()


def loss_of(net, b, clouds, half=False):
    with torch.autocast("cuda" if b["points"].is_cuda else "cpu", torch.bfloat16, enabled=half):
        dp, dr, logits, actions = errors(net, b)
    w = b["weight"]
    total = w.sum().clamp(min=1.0)
    position = (dp.abs().sum(-1) * w).sum() / total
    # A turn that the thing shows counts in full, others keep what was planned.
    wr = w * (0.3 + b["turn"])
    rotation = (dr.abs().sum(-1) * wr).sum() / total
    seen = torch.matmul(b["blend"], b["waypoint_mask"].unsqueeze(-1)).squeeze(-1).clamp(max=1.0)
    path = ((actions[..., 0:9] - b["truth_path"]).abs() * torch.tensor([1.0] * 3 + [0.05] * 6, device=w.device)).sum(-1)
    path = (path * seen).mean()
    loss = position + 0.08 * rotation + 0.3 * path
    if clouds:
        with torch.no_grad():
            miss = torch.sqrt((dp**2).sum(-1))
            turned = torch.sqrt((dr[..., 0:3] ** 2).sum(-1))
            good = ((miss < 0.010) & (turned < 0.17)).float() * b["found"]
        bce = torch.nn.functional.binary_cross_entropy_with_logits(logits, good, reduction="none")
        loss = loss + 0.01 * (bce * w).sum() / total
    return loss


@torch.no_grad()
def evaluate(net, shards, device, erase=False):
    net.eval()
    rows = {k: [] for k in ("coarse", "miss", "coarse_turn", "turn", "confidence", "found")}
    plans = []
    for at in range(0, shards.count, 100):
        b = {k: v.to(device) for k, v in shards.batch(range(at, min(at + 100, shards.count))).items()}
        if erase:
            b["points_mask"] = b["points_mask"] * 0
        dp, dr, logits, _ = errors(net, b)
        miss = torch.sqrt((dp**2).sum(-1))
        before = torch.sqrt(((b["waypoints"] - torch.nn.functional.pad(b["truth_waypoints"], (0, 3)))[..., 0:3] ** 2).sum(-1))
        angle = lambda d: 2 * torch.asin((torch.sqrt((d[..., 0:3] ** 2).sum(-1)) / 2).clamp(max=1.0)) * 180 / math.pi
        turned, turned_before = angle(dr), angle(b["waypoints"][..., 3:9] - b["truth_waypoints"][..., 3:9])
        contact = (b["weight"] == 4) & (b["found"] > 0)
        rows["miss"].append(miss[contact])
        rows["coarse"].append(before[contact])
        t = contact & (b["turn"] > 0)
        rows["turn"].append(turned[t])
        rows["coarse_turn"].append(turned_before[t])
        hit = lambda m, a: (~contact | ((m < 0.010) & ((a < 12) | (b["turn"] == 0)))).all(1)
        plans.append(torch.stack([hit(before, turned_before), hit(miss, turned)], 1)[contact.any(1)])
        judged = b["weight"] == 4
        rows["confidence"].append(torch.sigmoid(logits)[judged])
        rows["found"].append(b["found"][judged])
    net.train()
    r = {k: torch.cat(v) for k, v in rows.items()}
    plans = torch.cat(plans).float().mean(0)
    return {
        "coarse_mm": 1000 * r["coarse"].mean().item(),
        "mm": 1000 * r["miss"].mean().item(),
        "median_mm": 1000 * r["miss"].median().item(),
        "p95_mm": 1000 * r["miss"].quantile(0.95).item(),
        "coarse_turn_deg": r["coarse_turn"].mean().item(),
        "turn_deg": r["turn"].mean().item(),
        "coarse_plan_ok": plans[0].item(),
        "plan_ok": plans[1].item(),
        "confidence_found": r["confidence"][r["found"] > 0].mean().item(),
        "confidence_absent": r["confidence"][r["found"] == 0].mean().item() if (r["found"] == 0).any() else None,
    }


def main():
    args = arguments()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    os.makedirs(args.out, exist_ok=True)
    net = ActionExpert(args.width, args.blocks).to(device)
    dev = Shards(args.dev)
    log = open(os.path.join(args.out, "log.jsonl"), "a")

    def say(**entry):
        log.write(json.dumps(entry) + "\n")
        log.flush()
        print(json.dumps(entry), flush=True)

    say(torch=torch.__version__, device=device, threads=args.threads, parameters=sum(p.numel() for p in net.parameters()), args=vars(args))
    path = os.path.join(args.out, "checkpoint.pt")
    done = {"stage": 1, "step": 0, "spent": 0.0}
    resumed = torch.load(path, map_location=device) if os.path.exists(path) else None
    if resumed:
        net.load_state_dict(resumed["net"])
        done = resumed["done"]

    for stage, folder, steps in ((1, args.stage1, args.steps1), (2, args.stage2, args.steps2)):
        if not folder or done["stage"] > stage:
            continue
        shards = Shards(folder, args.limit if stage == 2 else None)
        decay = [p for p in net.parameters() if p.dim() > 1]
        rest = [p for p in net.parameters() if p.dim() <= 1]
        optimiser = torch.optim.AdamW([{"params": decay, "weight_decay": 0.01}, {"params": rest, "weight_decay": 0.0}], lr=args.rate)
        step = done["step"] if done["stage"] == stage else 0
        if resumed and done["stage"] == stage:
            optimiser.load_state_dict(resumed["optimiser"])
        generator = torch.Generator().manual_seed(1000 * args.seed + 10 * stage + step)
        order = np.random.default_rng(1000 * args.seed + stage + step)
        began, last, recent = time.time(), time.time(), []
        while step < steps:
            share = step / steps
            if args.minutes and stage == 2:
                share = (done["spent"] + time.time() - began) / (60 * args.minutes)
                if share >= 1:
                    break
            for group in optimiser.param_groups:
                group["lr"] = args.rate * min(1.0, (step + 1) / 200) * (0.5 * (1 + math.cos(math.pi * share)) + 0.01)
            b = augment(shards.batch(order.integers(0, shards.count, args.batch)), generator)
            # Without clouds there is nothing to pool; with them, most steps make do with half of the points.
            few = 1 if stage == 1 else POINTS if share > 0.8 else POINTS // 2
            b["points"], b["points_mask"] = b["points"][:, :, :few], b["points_mask"][:, :, :few]
            b = {k: v.to(device) for k, v in b.items()}
            loss = loss_of(net, b, stage == 2, args.half)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            recent.append(loss.item())
            step += 1
            if step % 500 == 0 or step == steps:
                rate = 500 * args.batch / (time.time() - last)
                say(stage=stage, step=step, loss=float(np.mean(recent)), samples_per_s=round(rate, 1), **evaluate(net, dev, device))
                last, recent = time.time(), []
                state = {"stage": stage, "step": step, "spent": done["spent"] + time.time() - began}
                torch.save({"net": net.state_dict(), "optimiser": optimiser.state_dict(), "config": net.config, "done": state}, path + ".part")
                os.replace(path + ".part", path)
        done = {"stage": stage + 1, "step": 0, "spent": 0.0}
        resumed = None
        torch.save({"net": net.state_dict(), "optimiser": optimiser.state_dict(), "config": net.config, "done": done}, path)
    say(final=evaluate(net, dev, device), erased=evaluate(net, dev, device, erase=True))


if __name__ == "__main__":
    main()
