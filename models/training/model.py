"""The action expert: corrections of coarse waypoints from what the gripper would see at each of them.

Everything is written with Linear, matmul, softmax and slicing, so that torch 1.13 and 2.x, the old exporter and the new
one give the same graph. Tensors are described in docs/expert.md; sizes are fixed in src/refinement/expert/contract.ts.
"""
import torch
from torch import nn

INTERFACE_VERSION = 1
WAYPOINTS, POSES, POINTS = 8, 64, 64
INPUTS = ["waypoints", "waypoint_mask", "guidance", "blend", "points", "points_mask"]
OUTPUTS = ["actions", "confidence"]
SHAPES = {
    "waypoints": (WAYPOINTS, 12),
    "waypoint_mask": (WAYPOINTS,),
    "guidance": (POSES, 10),
    "blend": (POSES, WAYPOINTS),
    "points": (WAYPOINTS, POINTS, 3),
    "points_mask": (WAYPOINTS, POINTS),
}


def cross(a, b):
    """a x b over the last axis (torch.cross exports differently between versions)."""
    ax, ay, az = a[..., 0:1], a[..., 1:2], a[..., 2:3]
    bx, by, bz = b[..., 0:1], b[..., 1:2], b[..., 2:3]
    return torch.cat([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx], -1)


def unit(v):
    return v / torch.sqrt((v * v).sum(-1, keepdim=True) + 1e-12)


def gram_schmidt(six):
    """Rotation columns x, y, z from six numbers (Zhou et al. 2019)."""
    x = unit(six[..., 0:3])
    b = six[..., 3:6]
    y = unit(b - (x * b).sum(-1, keepdim=True) * x)
    return x, y, cross(x, y)


def turn(columns, v):
    """R v for rotations given by columns."""
    x, y, z = columns
    return v[..., 0:1] * x + v[..., 1:2] * y + v[..., 2:3] * z


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads, self.size = heads, width // heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x, bias):
        b, n, w = x.shape
        qkv = self.qkv(x).reshape(b, n, 3, self.heads, self.size)
        q, k, v = (qkv[:, :, i].transpose(1, 2) for i in range(3))
        scores = torch.matmul(q, k.transpose(2, 3)) * (self.size**-0.5) + bias
        y = torch.matmul(torch.softmax(scores, -1), v)
        return self.out(y.transpose(1, 2).reshape(b, n, w))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.n1, self.n2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.mlp = nn.Sequential(nn.Linear(width, 3 * width), nn.GELU(), nn.Linear(3 * width, width))

    def forward(self, x, bias):
        x = x + self.attention(self.n1(x), bias)
        return x + self.mlp(self.n2(x))


class PointGroup(nn.Module):
    """One token from the points that one waypoint looks at: pooled features and a few pooled places and spreads."""

    PLACES = 8

    def __init__(self, width):
        super().__init__()
        self.first = nn.Sequential(nn.Linear(5, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU())
        # The pooled scene is the same for every point of a group: its share is added once a group, not once a point.
        self.local, self.shared = nn.Linear(64, 96), nn.Linear(128, 96, bias=False)
        self.second = nn.Sequential(nn.ReLU(), nn.Linear(96, 96), nn.ReLU())
        self.places = nn.Linear(96, self.PLACES)
        self.out = nn.Linear(192 + 6 * self.PLACES + 1, width)

    def forward(self, features, places, mask):
        """features [b,k,n,5], places [b,k,n,3] (about 1), mask [b,k,n]"""
        m = mask.unsqueeze(-1)
        hidden = (mask - 1.0).unsqueeze(-1) * 1e4
        count = m.sum(2).clamp(min=1.0)

        def pool(x):
            return torch.cat([(x + hidden).max(2)[0].clamp(min=-50.0), (x * m).sum(2) / count], -1)

        h = self.first(features)
        h = self.second(self.local(h) + self.shared(pool(h)).unsqueeze(2))
        weights = torch.softmax(self.places(h) + hidden, 2).transpose(2, 3)
        mean = torch.matmul(weights, places)
        x, y = places[..., 0:1], places[..., 1:2]
        spread = torch.matmul(weights, torch.cat([x * x, x * y, y * y], -1))
        any_point = mask.max(2, keepdim=True)[0]
        flat = torch.cat([pool(h), mean.flatten(2), spread.flatten(2)], -1) * any_point
        return self.out(torch.cat([flat, any_point], -1))


class ActionExpert(nn.Module):
    def __init__(self, width=160, blocks=3, heads=4):
        super().__init__()
        self.config = {"width": width, "blocks": blocks, "heads": heads}
        self.group = PointGroup(width)
        self.embed = nn.Sequential(nn.Linear(13, width), nn.GELU(), nn.Linear(width, width))
        self.index = nn.Parameter(0.02 * torch.randn(WAYPOINTS, width))
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(blocks))
        self.norm = nn.LayerNorm(width)
        self.correction = nn.Linear(width, 6)
        self.doubt = nn.Linear(width, 1)
        self.between = nn.Sequential(nn.Linear(width + 10, 96), nn.GELU(), nn.Linear(96, 10))
        # An untrained network is the spline.
        for last in (self.correction, self.between[2]):
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)

    def corrected(self, waypoints, waypoint_mask, points, points_mask):
        """Position and columns of every waypoint as it should be, tokens, and confidence logits."""
        position = waypoints[..., 0:3]
        columns = gram_schmidt(waypoints[..., 3:9])
        lifted = tuple(c.unsqueeze(2) for c in columns)
        height = (turn(lifted, points) + position.unsqueeze(2))[..., 2:3]
        near = points * 10.0
        radial = torch.sqrt((near[..., 0:2] ** 2).sum(-1, keepdim=True) + 1e-9)
        features = torch.cat([near, height * 10.0, radial], -1) * points_mask.unsqueeze(-1)
        before, after = waypoints[..., 9:10], waypoints[..., 10:11]
        described = torch.cat([position * 5.0, waypoints[..., 3:9], before, after, after - before, waypoints[..., 11:12] * 10.0], -1)
        x = self.embed(described) + self.index + self.group(features, near, points_mask)
        bias = (waypoint_mask - 1.0).unsqueeze(1).unsqueeze(1) * 1e4
        for block in self.blocks:
            x = block(x, bias)
        x = self.norm(x)
        out = self.correction(x)
        place = position + turn(columns, out[..., 0:3] * 0.1)
        w = out[..., 3:6]
        wx, wy, wz = w[..., 0:1], w[..., 1:2], w[..., 2:3]
        one = torch.ones_like(wx)
        dx, dy, _ = gram_schmidt(torch.cat([one, wz, -wy, -wz, one, wx], -1))
        return place, torch.cat([turn(columns, dx), turn(columns, dy)], -1), x, self.doubt(x).squeeze(-1)

    def forward(self, waypoints, waypoint_mask, guidance, blend, points, points_mask):
        place, six, tokens, logits = self.corrected(waypoints, waypoint_mask, points, points_mask)
        return self.path(waypoints, guidance, blend, place, six, tokens), torch.sigmoid(logits)

    def path(self, waypoints, guidance, blend, place, six, tokens):
        """The spline's poses with the waypoints' corrections blended in, and a free part between waypoints."""
        shift = torch.cat([place - waypoints[..., 0:3], six - waypoints[..., 3:9]], -1)
        pose = guidance[..., 0:9] + torch.matmul(blend, shift)
        start = 1.0 - blend.sum(-1, keepdim=True)
        # Zero at the start and at every waypoint, one half-way between two.
        gate = 2.0 * (1.0 - (blend * blend).sum(-1, keepdim=True) - start * start)
        free = self.between(torch.cat([torch.matmul(blend, tokens), guidance], -1)) * gate * 0.1
        pose = pose + free[..., 0:9]
        x, y, _ = gram_schmidt(pose[..., 3:9])
        opening = (guidance[..., 9:10] + free[..., 9:10]).clamp(0.0, 1.0)
        return torch.cat([pose[..., 0:3], x, y, opening], -1)
