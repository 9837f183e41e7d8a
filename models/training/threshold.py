"""Which confidence separates what should be attempted from what should not, on development scenes.

    python threshold.py --checkpoint DIR/best.pt --dev DIR

Of plans whose first error is at most 2 cm and whose things are there, at most `--refused` may be refused; the threshold is
the highest that keeps to it. LEAST_CONFIDENCE in src/refinement/expert/contract.ts is set from this.
"""
import argparse
import json

import torch

from data import Shards
from measure import load, outcomes

NEAR = 0.02


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--checkpoint", required=True)
    p.add_argument("--dev", required=True)
    p.add_argument("--refused", type=float, default=0.03)
    args = p.parse_args()
    r = outcomes(load(args.checkpoint), Shards(args.dev))
    grasp = r["grasp"]
    plans = r["plan"][grasp].unique()
    least = torch.ones(int(r["plan"].max()) + 1)
    near, there = torch.ones_like(least, dtype=torch.bool), torch.ones_like(least, dtype=torch.bool)
    for k in grasp.nonzero().squeeze(1).tolist():
        plan = int(r["plan"][k])
        least[plan] = min(float(least[plan]), float(r["confidence"][k]))
        near[plan] &= bool(r["coarse"][k] <= NEAR)
        there[plan] &= bool(r["found"][k] > 0)
    good, gone, far = plans[near[plans] & there[plans]], plans[~there[plans]], plans[~near[plans] & there[plans]]
    threshold = float(torch.quantile(least[good], args.refused))
    refused = lambda ids: round(float((least[ids] < threshold).float().mean()), 3) if len(ids) else None
    print(
        json.dumps(
            {
                "threshold": round(threshold, 4),
                "refused": {"within_2_cm": refused(good), "further_off": refused(far), "thing_missing": refused(gone)},
                "plans": {"within_2_cm": len(good), "further_off": len(far), "thing_missing": len(gone)},
            }
        )
    )


if __name__ == "__main__":
    main()
