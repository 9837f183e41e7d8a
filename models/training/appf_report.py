"""Tables of what `appf.py` measured, and its curves for `waybook eval expert --report --figures DIR --curves FILE`.

    python appf_report.py appf.jsonl [--curves curves.json] [--metric plan_ok]

Without other packages than Python's own. For each number of unique clouds: development figures of either arm's best weights,
mean over the training seeds with the least and the greatest; and, seed by seed, after how many samples of stage 2 APPF reached
what scratch had at its best, by linear interpolation between measurements.
"""
import argparse
import json
import statistics

MEASURES = (("plan_ok", 100, "%"), ("mm", 1, "mm"), ("grasp_mm", 1, "mm"))


def spread(values, factor, unit):
    scaled = [factor * v for v in values]
    mean = f"{statistics.mean(scaled):.1f}"
    return f"{mean} {unit}" if len(scaled) == 1 else f"{mean} ({min(scaled):.1f} to {max(scaled):.1f}) {unit}"


def reached(curve, metric, wanted):
    """Samples at which a curve first is as good as `wanted`; None where it never is."""
    better = (lambda a, b: a >= b) if metric == "plan_ok" else (lambda a, b: a <= b)
    before = None
    for point in curve:
        if better(point[metric], wanted):
            if before is None:
                return point["samples"]
            share = (wanted - before[metric]) / (point[metric] - before[metric])
            return before["samples"] + share * (point["samples"] - before["samples"])
        before = point
    return None


def main():
    p = argparse.ArgumentParser()
    p.add_argument("file")
    p.add_argument("--curves", help="write points for the figure of learning curves")
    p.add_argument("--metric", default="plan_ok", choices=[m for m, _, _ in MEASURES])
    args = p.parse_args()
    with open(args.file) as f:
        rows = [json.loads(line) for line in f]
    curves, finals = {}, {}
    for row in rows:
        key = (row["unique"], row["arm"], row["seed"])
        if "final" in row:
            finals[key] = row
        else:
            curves.setdefault(key, []).append(row)
    # Only what is complete is compared.
    for unique in sorted({key[0] for key in finals}):
        print(f"{unique} unique clouds")
        for arm in ("scratch", "appf"):
            of = [row for key, row in sorted(finals.items()) if key[:2] == (unique, arm)]
            if not of:
                continue
            print(f"  {arm}, {len(of)} training seed{'s' if len(of) > 1 else ''}")
            for name in ("final", "heldout"):
                if of[0].get(name):
                    text = ", ".join(f"{m} {spread([r[name][m] for r in of], k, u)}" for m, k, u in MEASURES)
                    print(f"    {'development' if name == 'final' else 'held-out tasks'}: {text}")
        for seed in sorted({key[2] for key in finals if key[0] == unique}):
            scratch, appf = finals.get((unique, "scratch", seed)), curves.get((unique, "appf", seed))
            if not scratch or not appf or (unique, "appf", seed) not in finals:
                continue
            samples = reached(appf, args.metric, scratch["final"][args.metric])
            own = scratch["best_samples"]
            if samples is None:
                text = f"not reached in {appf[-1]['samples']} samples"
            else:
                text = f"after {samples:.0f} samples, {samples / own:.2f} of scratch's"
            print(f"  seed {seed}: scratch's best {args.metric} (at {own}): {text}")
    if args.curves:
        points = [
            {"series": f"{arm}, {unique}", "seed": seed, "samples": e["samples"], "value": e["plan_ok"]}
            for (unique, arm, seed), curve in sorted(curves.items())
            for e in curve
            if (unique, arm, seed) in finals
        ]
        with open(args.curves, "w") as f:
            json.dump(points, f)


if __name__ == "__main__":
    main()
