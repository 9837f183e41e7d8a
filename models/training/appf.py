"""What action pre-training is worth: fine-tuning from it against training from scratch, at equal samples of stage 2.

    python appf.py --stage1 DIR --stage2 DIR --dev DIR --heldout DIR --out DIR [--samples 96000] [--minutes 600]

The recipe is the shipped network's (batch, rate, samples of stage 1), with fewer samples of stage 2. Every line of OUT/appf.jsonl is
one measurement: arm, seed, unique clouds, samples of stage 2 seen, seconds and processor seconds (of stage 1 apart) and
development figures; a run's last line has its best weights on the development set and on tasks that were held out. Runs that are
complete are not made again; a run that was stopped goes on. The arms and seeds of a size come before the next size, so that
whatever time allows is a fair comparison. `appf_report.py` reads the file.
"""
import argparse
import json
import os
import time

from data import Shards
from measure import evaluate, load
from train import arguments, train

UNIQUE = [2000, 200, 10000, 500]
SEEDS = [1, 2, 3]
MEASUREMENTS, PATIENCE = 12, 4


def lines(path):
    if not os.path.exists(path):
        return []
    with open(path) as f:
        return [json.loads(line) for line in f]


def run(out, *options):
    """One training run; nothing where it is complete."""
    if not os.path.exists(os.path.join(out, "complete")):
        train(arguments(["--out", out, *options]))
        open(os.path.join(out, "complete"), "w").close()


def measurements(out, base, heldout):
    """The lines of a complete run: its curve, then its best weights. `base` is the stage 1 it began from, or nothing."""
    before = [e for e in lines(os.path.join(base, "log.jsonl")) if e.get("stage") == 1] if base else []
    spent = {"stage1_samples": 0, "stage1_seconds": 0, "stage1_cpu_seconds": 0.0}
    if before:
        spent = {f"stage1_{k}": before[-1][k] for k in ("samples", "seconds", "cpu_seconds")}
    own = lines(os.path.join(out, "log.jsonl"))
    # A run that went on repeats what it had measured after its last checkpoint: the later line holds.
    curve = {e["step"]: e for e in own if e.get("stage") == 2}
    for step in sorted(curve):
        yield {**spent, **curve[step]}
    last = next(e for e in reversed(own) if "final" in e)
    best = evaluate(load(os.path.join(out, "best.pt")), Shards(heldout)) if heldout else None
    yield {**spent, "best_step": last["best_step"], "best_samples": curve[last["best_step"]]["samples"], "final": last["final"], "erased": last["erased"], "heldout": best}


def main():
    p = argparse.ArgumentParser()
    for name in ("stage1", "stage2", "dev", "out"):
        p.add_argument(f"--{name}", required=True)
    p.add_argument("--heldout", help="samples of held-out tasks, development seeds; chooses nothing")
    p.add_argument("--samples", type=int, default=96000, help="of stage 2, in every run that is not stopped early")
    p.add_argument("--pretraining", type=int, default=76800, help="samples of stage 1")
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--minutes", type=float, help="begin no further run after this long")
    p.add_argument("--unique", type=int, nargs="+", default=UNIQUE, help="scenes with clouds")
    p.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    args = p.parse_args()
    began = time.time()
    os.makedirs(args.out, exist_ok=True)
    draws = Shards(args.stage2).index["draws"]
    steps1, steps2 = args.pretraining // args.batch, args.samples // args.batch
    every = max(1, steps2 // MEASUREMENTS)
    common = ["--stage2", args.stage2, "--dev", args.dev, "--half", "--batch", str(args.batch)]
    table = os.path.join(args.out, "appf.jsonl")
    for unique in args.unique:
        for seed in args.seeds:
            for arm in ("scratch", "appf"):
                key = {"arm": arm, "seed": seed, "unique": unique}
                if any(e.items() >= key.items() and "final" in e for e in lines(table)):
                    continue
                if args.minutes and time.time() - began > 60 * args.minutes:
                    print("time is up; the same command goes on from here")
                    return
                base = os.path.join(args.out, f"stage1-{seed}") if arm == "appf" else None
                options = [*common, "--seed", str(seed)]
                if base:
                    run(base, *options, "--stage1", args.stage1, "--steps1", str(steps1), "--steps2", "0", "--every", str(steps1))
                    options += ["--init", os.path.join(base, "checkpoint.pt")]
                out = os.path.join(args.out, f"{arm}-{unique}-{seed}")
                limits = ["--steps2", str(steps2), "--limit", str(unique * draws), "--every", str(every), "--patience", str(PATIENCE)]
                run(out, *options, *limits)
                made = [{**key, **entry} for entry in measurements(out, base, args.heldout)]
                with open(table, "a") as f:
                    f.writelines(json.dumps(entry) + "\n" for entry in made)


if __name__ == "__main__":
    main()
