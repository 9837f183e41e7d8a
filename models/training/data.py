"""Shards of `waybook demos` as tensors. Layout and order come from the shards' own index.json."""
import hashlib
import json
import os

import numpy as np
import torch


class Shards:
    """Samples of one folder. `limit` uses the first so many only, `every` one coarse plan in so many."""

    def __init__(self, folder, limit=None):
        path = os.path.join(folder, "index.json")
        with open(path, "rb") as f:
            text = f.read()
        self.index, self.sha256 = json.loads(text), hashlib.sha256(text).hexdigest()
        length = self.index["recordLength"]
        self.parts = [
            np.memmap(os.path.join(folder, s["file"]), "<i2", "r").reshape(-1, length) for s in self.index["shards"]
        ]
        self.starts = np.concatenate([[0], np.cumsum([len(p) for p in self.parts])])
        self.count = int(self.starts[-1]) if limit is None else min(limit, int(self.starts[-1]))
        self.layout, at = {}, 0
        for name, shape in self.index["record"].items():
            size = int(np.prod(shape))
            self.layout[name] = (at, at + size, tuple(shape))
            at += size

    def batch(self, rows, device="cpu"):
        rows = np.sort(np.asarray(rows))
        which = np.searchsorted(self.starts, rows, side="right") - 1
        raw = np.stack([self.parts[w][r - self.starts[w]] for w, r in zip(which, rows)])
        raw = torch.from_numpy(raw).to(device).float() / self.index["stepsPerUnit"]
        b = {k: raw[:, a:e].reshape((len(rows),) + s).contiguous() for k, (a, e, s) in self.layout.items()}
        return complete(b)


def complete(b):
    """What the shards leave out because it follows: `blend`, `points_mask`, and empty points where there are none."""
    anchor = b.pop("anchor")
    n, poses = anchor.shape[:2]
    k = b["waypoints"].shape[1]
    segment = (anchor[..., 0] * k).round().long()
    along = anchor[..., 1]
    blend = torch.zeros(n, poses, k + 1, device=anchor.device)
    # Column 0 is the start, which nothing corrects.
    blend.scatter_(2, (segment + 1).unsqueeze(-1), along.unsqueeze(-1))
    blend.scatter_add_(2, segment.unsqueeze(-1), (1 - along).unsqueeze(-1))
    b["blend"] = blend[..., 1:]
    if "points" in b:
        count = (b.pop("points_count") * b["points"].shape[2]).round()
        b["points_mask"] = (torch.arange(b["points"].shape[2], device=anchor.device) < count.unsqueeze(-1)).float()
    else:
        b["points"] = torch.zeros(n, k, 1, 3, device=anchor.device)
        b["points_mask"] = torch.zeros(n, k, 1, device=anchor.device)
    return b


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
    sign = lambda: (torch.randint(0, 2, (n,), generator=generator) * 2 - 1).float().to(b["waypoints"].device)
    mirror, half = sign(), sign()
    for name in ("waypoints", "guidance", "truth_waypoints", "truth_path"):
        v = b[name]
        m, h = mirror[:, None], half[:, None]
        v[..., 1] = v[..., 1] * m
        v[..., 3:9] = flip_columns(v[..., 3:9], m.expand(v.shape[:2]), h.expand(v.shape[:2]))
    p = b["points"]
    p[..., 0] = p[..., 0] * half[:, None, None]
    p[..., 1] = p[..., 1] * (half * mirror)[:, None, None]
    most = drop * torch.rand((n, 1, 1), generator=generator)
    keep = torch.rand(b["points_mask"].shape, generator=generator) >= most
    b["points_mask"] = b["points_mask"] * keep.to(p.device)
    return b
