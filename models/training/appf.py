"""What action pre-training is worth: fine-tuning from it against training from scratch, at equal samples of stage 2.

    python appf.py --stage1 DIR --stage2 DIR --dev DIR --out DIR [--samples 96000] [--minutes 600]

Every line of OUT/appf.jsonl is one measurement: arm, seed, unique clouds, samples of stage 2 seen, seconds (of stage 1 apart)
and development figures. Runs that are complete are not made again; a run that was stopped goes on. Smallest first, and the
arms and seeds of a size before the next size, so that whatever time allows is a fair comparison.
"""
import argparse
import json
import os
import time

from data import Shards
from train import arguments, train

UNIQUE = [200, 500, 2000, 10000]
SEEDS = [1, 2, 3]


def lines(folder):
    path = os.path.join(folder, "log.jsonl")
    if not os.path.exists(path):
        return []
    with open(path) as f:
        return [json.loads(line) for line in f]


def run(out, *options):
    """One training run; nothing where it is complete."""
    if not os.path.exists(os.path.join(out, "complete")):
        train(arguments(["--out", out, *options]))
        open(os.path.join(out, "complete"), "w").close()


def main():
    p = argparse.ArgumentParser()
    for name in ("stage1", "stage2", "dev", "out"):
        p.add_argument(f"--{name}", required=True)
    p.add_argument("--samples", type=int, default=96000, help="of stage 2, in every run")
    p.add_argument("--pretraining", type=int, default=192000, help="samples of stage 1")
    p.add_argument("--batch", type=int, default=32)
    p.add_argument("--minutes", type=float, help="begin no further run after this long")
    p.add_argument("--unique", type=int, nargs="+", default=UNIQUE, help="scenes with clouds")
    p.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    args = p.parse_args()
    began = time.time()
    os.makedirs(args.out, exist_ok=True)
    draws = Shards(args.stage2).index["draws"]
    steps1, steps2 = args.pretraining // args.batch, args.samples // args.batch
    # Measured at eighths, so that the samples that an arm needs can be read off.
    common = ["--stage2", args.stage2, "--dev", args.dev, "--half", "--batch", str(args.batch)]
    table = os.path.join(args.out, "appf.jsonl")
    for unique in args.unique:
        for seed in args.seeds:
            for arm in ("scratch", "appf"):
                if args.minutes and time.time() - began > 60 * args.minutes:
                    print("time is up; the same command goes on from here")
                    return
                base = os.path.join(args.out, f"stage1-{seed}")
                options = [*common, "--seed", str(seed)]
                if arm == "appf":
                    run(base, *options, "--stage1", args.stage1, "--steps1", str(steps1), "--steps2", "0", "--every", str(steps1))
                    options += ["--init", os.path.join(base, "checkpoint.pt")]
                out = os.path.join(args.out, f"{arm}-{unique}-{seed}")
                run(out, *options, "--steps2", str(steps2), "--limit", str(unique * draws), "--every", str(max(1, steps2 // 8)))
                pretraining = sum(e.get("seconds", 0) for e in lines(base)) if arm == "appf" else 0
                with open(table + ".part", "w") as f:
                    for old in read(table):
                        if (old["arm"], old["seed"], old["unique"]) != (arm, seed, unique):
                            f.write(json.dumps(old) + "\n")
                    for entry in lines(out):
                        if entry.get("stage") == 2:
                            f.write(json.dumps({"arm": arm, "seed": seed, "unique": unique, "stage1_seconds": pretraining, **entry}) + "\n")
                os.replace(table + ".part", table)


def read(path):
    if not os.path.exists(path):
        return []
    with open(path) as f:
        return [json.loads(line) for line in f]


if __name__ == "__main__":
    main()
