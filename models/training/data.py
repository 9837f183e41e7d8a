"""Shards of `waybook demos` as tensors. Layout and order come from the shard's own index.json."""
import json
import os

import numpy as np
import torch


class Shards:
    def __init__(self, folder, limit=None):
        with open(os.path.join(folder, "index.json")) as f:
            self.index = json.load(f)
        length = self.index["recordLength"]
        parts = [np.memmap(os.path.join(folder, s["file"]), "<f4", "r").reshape(-1, length) for s in self.index["shards"]]
        self.parts, self.starts, total = parts, [], 0
        for p in parts:
            self.starts.append(total)
            total += len(p)
        self.count = total if limit is None else min(limit, total)
        self.layout, at = {}, 0
        for name, shape in self.index["record"].items():
            size = int(np.prod(shape))
            self.layout[name] = (at, at + size, tuple(shape))
            at += size

    def batch(self, rows):
        rows = np.sort(np.asarray(rows))
        which = np.searchsorted(self.starts, rows, side="right") - 1
        raw = np.stack([self.parts[w][r - self.starts[w]] for w, r in zip(which, rows)])
        raw = torch.from_numpy(raw)
        return {k: raw[:, a:b].reshape((len(rows),) + s).clone() for k, (a, b, s) in self.layout.items()}


def flip_columns(six, mirror, half):
    """Columns of S R S (mirror) and R diag(-1,-1,1) (half a turn of the tool)."""
    x, y = six[..., 0:3], six[..., 3:6]
    s = torch.ones_like(x)
    s[..., 1] = mirror.expand(s[..., 1].shape)
    x, y = x * s, y * s * mirror.unsqueeze(-1)
    return torch.cat([x * half.unsqueeze(-1), y * half.unsqueeze(-1)], -1)


def augment(b, generator, drop=0.3):
    """Mirror images, half turns of the gripper, fewer points: all leave the task the same."""
    n = b["waypoints"].shape[0]
    mirror = (torch.randint(0, 2, (n,), generator=generator) * 2 - 1).float()
    half = (torch.randint(0, 2, (n,), generator=generator) * 2 - 1).float()
    for name in ("waypoints", "guidance", "truth_waypoints", "truth_path"):
        v = b[name]
        m, h = mirror[:, None], half[:, None]
        v[..., 1] = v[..., 1] * m
        v[..., 3:9] = flip_columns(v[..., 3:9], m.expand(v.shape[:2]), h.expand(v.shape[:2]))
    p = b["points"]
    p[..., 0] = p[..., 0] * half[:, None, None]
    p[..., 1] = p[..., 1] * (half * mirror)[:, None, None]
    # In random order, padding last, so that any first few points are a sample of all.
    order = torch.argsort(torch.rand(b["points_mask"].shape, generator=generator) - 2.0 * b["points_mask"], -1)
    b["points_mask"] = torch.gather(b["points_mask"], -1, order)
    b["points"] = torch.gather(p, 2, order.unsqueeze(-1).expand(-1, -1, -1, 3))
    keep = torch.rand(b["points_mask"].shape, generator=generator) >= drop * torch.rand((n, 1, 1), generator=generator)
    b["points_mask"] = b["points_mask"] * keep
    return b
