"""Trains the action expert: action pre-training without clouds, then fine-tuning with clouds.

    python train.py --stage1 DIR --stage2 DIR --dev DIR --out DIR --minutes 60

Seeded, logged (log.jsonl), resumable (checkpoint.pt holds tensors, numbers and strings only). best.pt is the average of
the weights that was best on the development set. The same script runs on CPU and GPU. --steps2 without --minutes makes a
run repeatable on the same machine.
"""
import argparse
import json
import math
import os
import time

import numpy as np
import torch

from data import Shards, augment
from measure import errors, evaluate
from model import INTERFACE_VERSION, POINTS, ActionExpert, gram_schmidt


def arguments(argv=None):
    p = argparse.ArgumentParser()
    p.add_argument("--stage1", help="without: from scratch")
    p.add_argument("--init", help="start stage 2 from these weights: another run's checkpoint.pt after stage 1")
    p.add_argument("--stage2", required=True)
    p.add_argument("--dev", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--steps1", type=int, default=5000)
    p.add_argument("--steps2", type=int, default=20000)
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--rate", type=float, default=1e-3)
    p.add_argument("--minutes", type=float, help="let stage 2 end after this long and anneal over it")
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--limit", type=int, help="samples of stage 2 that are used, the first ones")
    p.add_argument("--half", action="store_true", help="bfloat16 where it is safe; weights stay float32")
    p.add_argument("--width", type=int, default=128)
    p.add_argument("--blocks", type=int, default=3)
    p.add_argument("--every", type=int, default=1000, help="steps between development measurements and checkpoints")
    p.add_argument("--patience", type=int, help="end stage 2 after so many measurements without a better one")
    return p.parse_args(argv)


def loss_of(net, b, clouds, half=False):
    with torch.autocast("cuda" if b["points"].is_cuda else "cpu", torch.bfloat16, enabled=half):
        dp, dr, logits, actions, votes = errors(net, b)
    # What cannot be seen cannot be learned: where the thing is missing, the plan is right.
    w = b["weight"] * (0.1 + 0.9 * b["found"])
    total = w.sum().clamp(min=1.0)
    position = (dp.abs().sum(-1) * w).sum() / total
    # A turn that the thing shows counts in full, others less.
    rotation = (dr.abs().sum(-1) * w * (0.3 + 1.7 * b["turn"])).sum() / total
    seen = torch.matmul(b["blend"], b["waypoint_mask"].unsqueeze(-1)).squeeze(-1).clamp(max=1.0)
    path = ((actions[..., 0:9] - b["truth_path"]).abs() * torch.tensor([1.0] * 3 + [0.05] * 6, device=w.device)).sum(-1)
    path = (path * seen).mean()
    loss = position + 0.08 * rotation + 0.3 * path
    if clouds:
        with torch.no_grad():
            miss = torch.sqrt((dp**2).sum(-1))
            turned = torch.sqrt((dr[..., 0:3] ** 2).sum(-1)) * b["turn"]
            good = ((miss < 0.010) & (turned < 0.17)).float() * b["found"]
        # What each point says, on its own: the place of the true tool in the planned one [dm].
        columns = gram_schmidt(b["waypoints"][..., 3:9])
        away = b["truth_waypoints"][..., 0:3] - b["waypoints"][..., 0:3]
        target = torch.cat([(c * away).sum(-1, keepdim=True) for c in columns], -1) * 10.0
        off = (votes - target.unsqueeze(2)).abs().sum(-1)
        held = b["points_mask"] * (b["weight"] * b["found"]).unsqueeze(-1)
        loss = loss + 0.01 * (off * held).sum() / held.sum().clamp(min=1.0)
        bce = torch.nn.functional.binary_cross_entropy_with_logits(logits, good, reduction="none")
        loss = loss + 0.004 * (bce * b["weight"]).sum() / b["weight"].sum().clamp(min=1.0)
    return loss


class Average:
    """Exponential mean of the weights: what is measured and shipped."""

    def __init__(self, net, state=None):
        self.weights = state or {k: v.detach().clone() for k, v in net.state_dict().items()}

    @torch.no_grad()
    def follow(self, net, step):
        keep = min(0.999, step / (step + 20.0))
        for k, v in net.state_dict().items():
            self.weights[k].mul_(keep).add_(v, alpha=1 - keep)


def save(path, **entries):
    torch.save(entries, path + ".part")
    os.replace(path + ".part", path)


def train(args):
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    os.makedirs(args.out, exist_ok=True)
    net = ActionExpert(args.width, args.blocks).to(device)
    measured = ActionExpert(args.width, args.blocks).to(device)
    dev = Shards(args.dev)
    log = open(os.path.join(args.out, "log.jsonl"), "a")

    def say(**entry):
        log.write(json.dumps(entry) + "\n")
        log.flush()
        print(json.dumps(entry), flush=True)

    folders = {"stage1": args.stage1, "stage2": args.stage2, "dev": args.dev}
    say(
        torch=torch.__version__,
        device=device,
        threads=args.threads,
        interface=INTERFACE_VERSION,
        parameters=sum(p.numel() for p in net.parameters()),
        args={k: v for k, v in vars(args).items() if k not in ("out", "init", *folders)},
        data={k: Shards(f).sha256 for k, f in folders.items() if f},
    )
    path = os.path.join(args.out, "checkpoint.pt")
    done = {"stage": 1, "step": 0, "spent": 0.0, "best": -1.0, "cpu": 0.0, "since": 0}
    if args.init:
        net.load_state_dict(torch.load(args.init, map_location=device)["average"])
    average = Average(net)
    resumed = torch.load(path, map_location=device) if os.path.exists(path) else None
    if resumed:
        net.load_state_dict(resumed["net"])
        average = Average(net, resumed["average"])
        done = resumed["done"]

    for stage, folder, steps in ((1, args.stage1, args.steps1), (2, args.stage2, args.steps2)):
        if not folder or done["stage"] > stage:
            continue
        shards = Shards(folder, args.limit if stage == 2 else None)
        decay = [p for p in net.parameters() if p.dim() > 1]
        rest = [p for p in net.parameters() if p.dim() <= 1]
        optimiser = torch.optim.AdamW(
            [{"params": decay, "weight_decay": 0.01}, {"params": rest, "weight_decay": 0.0}], lr=args.rate
        )
        step, spent, best = (done["step"], done["spent"], done["best"]) if done["stage"] == stage else (0, 0.0, -1.0)
        # Processor time, for wall time says little on a busy machine; measurements since the best one.
        cpu, since = (done.get("cpu", 0.0), done.get("since", 0)) if done["stage"] == stage else (0.0, 0)
        if resumed and done["stage"] == stage:
            optimiser.load_state_dict(resumed["optimiser"])
        generator = torch.Generator().manual_seed(1000 * args.seed + 10 * stage + step)
        order = np.random.default_rng([args.seed, stage, step])
        began, last, recent, used = time.time(), time.time(), [], time.process_time()
        while step < steps:
            share = step / steps
            now = spent + time.time() - began
            if args.minutes and stage == 2:
                share = now / (60 * args.minutes)
            if share < 1:
                for group in optimiser.param_groups:
                    group["lr"] = args.rate * min(1.0, (step + 1) / 300) * (0.5 * (1 + math.cos(math.pi * share)) + 0.01)
                b = augment(shards.batch(order.integers(0, shards.count, args.batch), device), generator)
                # Groups begin with a coarse picture of all: most steps make do with that half.
                few = 1 if stage == 1 else POINTS if share > 0.7 else POINTS // 2
                b["points"], b["points_mask"] = b["points"][:, :, :few], b["points_mask"][:, :, :few]
                loss = loss_of(net, b, stage == 2, args.half)
                optimiser.zero_grad(set_to_none=True)
                loss.backward()
                torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
                optimiser.step()
                average.follow(net, step)
                recent.append(loss.item())
                step += 1
            if step % args.every == 0 or step == steps or share >= 1:
                rate = len(recent) * args.batch / (time.time() - last)
                cpu += time.process_time() - used
                measured.load_state_dict(average.weights)
                result = evaluate(measured, dev, device)
                say(
                    stage=stage,
                    step=step,
                    samples=step * args.batch,
                    seconds=round(now),
                    cpu_seconds=round(cpu, 1),
                    loss=float(np.mean(recent)) if recent else None,
                    samples_per_s=round(rate, 1),
                    **result,
                )
                since += 1
                if result["plan_ok"] > best:
                    best, since = result["plan_ok"], 0
                    save(os.path.join(args.out, "best.pt"), net=average.weights, config=net.config, stage=stage, step=step)
                state = {"stage": stage, "step": step, "spent": spent + time.time() - began, "best": best, "cpu": cpu, "since": since}
                save(path, net=net.state_dict(), average=average.weights, optimiser=optimiser.state_dict(), config=net.config, done=state)
                last, recent, used = time.time(), [], time.process_time()
                if share >= 1 or (stage == 2 and args.patience and since >= args.patience):
                    break
        done = {"stage": stage + 1, "step": 0, "spent": 0.0, "best": -1.0}
        resumed = None
        save(path, net=net.state_dict(), average=average.weights, optimiser=optimiser.state_dict(), config=net.config, done=done)
    if not os.path.exists(os.path.join(args.out, "best.pt")):
        return
    best = torch.load(os.path.join(args.out, "best.pt"), map_location=device)
    measured.load_state_dict(best["net"])
    say(best_step=best["step"], final=evaluate(measured, dev, device), erased=evaluate(measured, dev, device, erase=True))


if __name__ == "__main__":
    train(arguments())
