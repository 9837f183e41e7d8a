"""The action expert: corrections of coarse waypoints from what the gripper would see at each of them.

Everything is written with Linear, matmul, softmax and slicing, so that torch 1.13 and 2.x, the old exporter and the new
one give the same graph. Tensors are described in docs/expert.md; sizes are fixed in src/refinement/expert/contract.ts.
"""
import torch
from torch import nn

INTERFACE_VERSION = 2
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


def moments(weights, places, votes, mask_any):
    """What weighted points say: [b,k,p,9] from weights [b,k,p,n], their places and votes [b,k,n,3].

    Mean place (3), mean vote (3), the doubled angle of the points' long axis by how long it is (2), their extent (1). A turn of something long is a linear
    function of the doubled angle, whichever way round it lies.
    """
    x, y = places[..., 0:1], places[..., 1:2]
    mean = torch.matmul(weights, torch.cat([places, votes, x * x, x * y, y * y], -1))
    mx, my = mean[..., 0:1], mean[..., 1:2]
    xx, xy, yy = mean[..., 6:7] - mx * mx, mean[..., 7:8] - mx * my, mean[..., 8:9] - my * my
    extent = (xx + yy).clamp(min=0.0) + 1e-3
    turn2 = torch.cat([xx - yy, 2.0 * xy], -1) / extent
    return torch.cat([mean[..., 0:6], turn2, torch.sqrt(extent)], -1) * mask_any.unsqueeze(-1)


class PointGroup(nn.Module):
    """Features of the points that one waypoint looks at, a summary of them, and a few places among them."""

    PLACES, HIDDEN = 12, 96

    def __init__(self, width):
        super().__init__()
        self.first = nn.Sequential(nn.Linear(7, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU())
        # The pooled scene is the same for every point of a group: its share is added once a group, not once a point.
        self.local, self.shared = nn.Linear(64, self.HIDDEN), nn.Linear(128, self.HIDDEN, bias=False)
        self.second = nn.Sequential(nn.ReLU(), nn.Linear(self.HIDDEN, self.HIDDEN), nn.ReLU())
        self.places = nn.Linear(self.HIDDEN, self.PLACES)
        # Every point says where the tool should be, as far as it can tell (Hough votes; Qi et al. 2019).
        self.vote = nn.Linear(self.HIDDEN, 3)
        self.out = nn.Linear(2 * self.HIDDEN + 9 * self.PLACES + 1, width)

    def forward(self, features, places, mask):
        """features [b,k,n,7], places [b,k,n,3] (about 1), mask [b,k,n]"""
        m = mask.unsqueeze(-1)
        hidden = (mask - 1.0).unsqueeze(-1) * 1e4
        count = m.sum(2).clamp(min=1.0)

        def pool(x):
            return torch.cat([(x + hidden).max(2)[0].clamp(min=-50.0), (x * m).sum(2) / count], -1)

        h = self.first(features)
        h = self.second(self.local(h) + self.shared(pool(h)).unsqueeze(2))
        any_point = mask.max(2, keepdim=True)[0]
        scores, offsets = self.places(h) + hidden, self.vote(h)
        with exactly(places):
            votes = places + offsets.float()
            weights = torch.softmax(scores.float(), 2).transpose(2, 3)
            found = moments(weights, places, votes, any_point)
        return torch.cat([pool(h) * any_point, found.flatten(2), any_point], -1), h, votes, found

    def sparse(self, features, places, mask):
        """The same for training: groups without points, a third of all, cost nothing and give zeros."""
        b, k = mask.shape[:2]
        rows = mask.max(2)[0].reshape(-1).nonzero().squeeze(1)
        pick = lambda t: t.reshape((b * k, 1) + t.shape[2:])[rows]
        put = lambda t: t.new_zeros((b * k,) + t.shape[2:]).index_put((rows,), t.squeeze(1)).reshape((b, k) + t.shape[2:])
        return tuple(put(t) for t in self.forward(pick(features), pick(places), pick(mask)))


class exactly:
    """Geometry in float32 whatever the rest is computed in: bfloat16 has millimetres only."""

    def __init__(self, like):
        self.context = torch.autocast("cuda" if like.is_cuda else "cpu", enabled=False)

    def __enter__(self):
        self.context.__enter__()

    def __exit__(self, *args):
        self.context.__exit__(*args)


class ActionExpert(nn.Module):
    LOOKS = 6

    def __init__(self, width=128, blocks=3, heads=4):
        super().__init__()
        self.config = {"width": width, "blocks": blocks, "heads": heads}
        self.group = PointGroup(width)
        hidden, places = PointGroup.HIDDEN, PointGroup.PLACES + self.LOOKS
        self.embed = nn.Sequential(nn.Linear(13, width), nn.GELU(), nn.Linear(width, width))
        self.index = nn.Parameter(0.02 * torch.randn(WAYPOINTS, width))
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(blocks))
        self.norm = nn.LayerNorm(width)
        self.look = nn.Linear(width, self.LOOKS * hidden)
        self.judge = nn.Sequential(nn.Linear(width + 9 * places, width), nn.GELU())
        # How much of each mean place, mean vote and turn goes into the correction, and what is added.
        self.gates = nn.Linear(width, 3 * places)
        self.correction = nn.Linear(width, 6)
        self.doubt = nn.Linear(width, 1)
        self.between = nn.Sequential(nn.Linear(width + 10, 96), nn.GELU(), nn.Linear(96, 10))
        # An untrained network is the spline.
        for last in (self.gates, self.correction, self.between[2]):
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)

    def corrected(self, waypoints, waypoint_mask, points, points_mask):
        """Position and columns of every waypoint as it should be, tokens, confidence logits, votes of the points [dm]."""
        position = waypoints[..., 0:3]
        columns = gram_schmidt(waypoints[..., 3:9])
        lifted = tuple(c.unsqueeze(2) for c in columns)
        height = (turn(lifted, points) + position.unsqueeze(2))[..., 2:3]
        near = points * 10.0 * points_mask.unsqueeze(-1)
        x, y = near[..., 0:1], near[..., 1:2]
        radial = torch.sqrt(x * x + y * y + 1e-9)
        features = torch.cat([near, height * 10.0, radial, x * x - y * y, 2.0 * x * y], -1) * points_mask.unsqueeze(-1)
        before, after = waypoints[..., 9:10], waypoints[..., 10:11]
        described = torch.cat([position * 5.0, waypoints[..., 3:9], before, after, after - before, waypoints[..., 11:12] * 10.0], -1)
        group = self.group.sparse if self.training else self.group
        summary, h, votes, found = group(features, near, points_mask)
        x = self.embed(described) + self.index + self.group.out(summary)
        bias = (waypoint_mask - 1.0).unsqueeze(1).unsqueeze(1) * 1e4
        for block in self.blocks:
            x = block(x, bias)
        x = self.norm(x)
        # A second look at the points, now knowing the plan.
        b, k = x.shape[0], x.shape[1]
        wanted = self.look(x).reshape(b, k, self.LOOKS, PointGroup.HIDDEN)
        scores = torch.matmul(wanted, h.transpose(2, 3)) * (PointGroup.HIDDEN**-0.5)
        with exactly(points):
            any_point = points_mask.max(2, keepdim=True)[0]
            weights = torch.softmax(scores.float() + (points_mask - 1.0).unsqueeze(2) * 1e4, -1)
            found = torch.cat([found, moments(weights, near, votes, any_point)], 2)
        x = x + self.judge(torch.cat([x, found.flatten(2)], -1))
        gates, out, logits = self.gates(x), self.correction(x), self.doubt(x).squeeze(-1)
        with exactly(points):
            gates, out = gates.float().reshape(b, k, -1, 3), out.float()
            means = gates[..., 0:1] * found[..., 0:3] + gates[..., 1:2] * found[..., 3:6]
            shift = out[..., 0:3] + means.sum(2)
            place = position + turn(columns, shift * 0.1)
            wx, wy = out[..., 3:4], out[..., 4:5]
            wz = out[..., 5:6] + (gates[..., 2:3] * found[..., 7:8]).sum(2)
            one = torch.ones_like(wx)
            dx, dy, _ = gram_schmidt(torch.cat([one, wz, -wy, -wz, one, wx], -1))
            six = torch.cat([turn(columns, dx), turn(columns, dy)], -1)
        return place, six, x, logits, votes

    def forward(self, waypoints, waypoint_mask, guidance, blend, points, points_mask):
        place, six, tokens, logits, _ = self.corrected(waypoints, waypoint_mask, points, points_mask)
        return self.path(waypoints, guidance, blend, place, six, tokens), torch.sigmoid(logits)

    def path(self, waypoints, guidance, blend, place, six, tokens):
        """The spline's poses with the waypoints' corrections blended in, and a free part between waypoints."""
        with exactly(waypoints):
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
