import {
  compose,
  inverse,
  matrixFromQuat,
  rotate,
  subtract,
  type Pose,
  type Vec3,
} from '../../core/geometry.ts';
import type { CameraIntrinsics } from '../../core/capture.ts';
import type { Random } from '../../core/random.ts';
import { removeOutliers } from '../../perception/outliers.ts';
import type { Plane } from '../../perception/plane.ts';
import { DEFAULT_CROP } from '../../perception/process-capture.ts';
import { removeRobot, type PlacedSolid } from '../../perception/self-filter.ts';
import { cropBox, toBase } from '../../perception/transform.ts';
import { voxelGrid } from '../../perception/voxel-grid.ts';
import { spoilDepth } from '../../simulator/cameras/sensor-noise.ts';
import type { SensorNoise } from '../../simulator/world-api.ts';
import { aboveTable, type StandingPoints } from '../expert/point-groups.ts';
import { boundingRadius, RaySolid, type PlacedShape } from './ray-solid.ts';

export interface View {
  /** optical frame in base as it is, and as the robot believes it to be */
  readonly pose: Pose;
  readonly believed: Pose;
  readonly intrinsics: CameraIntrinsics;
  readonly noise: SensorNoise;
}

/** Filters of a capture (`processCapture`) by their defaults [m]. */
const VOXEL = 0.004;
const ROBOT_MARGIN = 0.012;
/** Pixels round things that are looked at too: where depth noise mixes thing and table. */
const BORDER = 3;

/**
 * What the capture pipeline gives for a camera that sees these things on a table at z = 0, behind the robot's solids:
 * noise, hand-eye error, self-filter, outliers and voxels included. Only the part of the picture with things in it is
 * looked at, which makes it some ten times faster than a whole picture and leaves the rest of the table away.
 */
export function seenFrom(
  view: View,
  things: readonly PlacedShape[],
  robot: readonly PlacedSolid[],
  random: Random,
): StandingPoints {
  const { width, height, fx, fy, cx, cy } = view.intrinsics;
  const [ex, ey, ez] = view.pose.position;
  const eye: Vec3 = [ex, ey, ez];
  const m = matrixFromQuat(view.pose.orientation);
  const wanted = new Uint8Array(width * height);
  const areas = things.map((thing) => pixelsOf(thing, view));
  for (const area of areas) {
    for (let v = Math.max(0, area.top - BORDER); v <= Math.min(height - 1, area.bottom + BORDER); v++) {
      wanted.fill(
        1,
        v * width + Math.max(0, area.left - BORDER),
        v * width + Math.min(width - 1, area.right + BORDER) + 1,
      );
    }
  }
  const depth = new Float32Array(width * height).fill(NaN);
  const incidence = new Float32Array(width * height);
  const rays = new Float64Array(3 * width * height);
  for (let i = 0; i < wanted.length; i++) {
    if (wanted[i] === 0) continue;
    const u = ((i % width) - cx) / fx;
    const v = (Math.floor(i / width) - cy) / fy;
    const x = m[0] * u + m[1] * v + m[2];
    const y = m[3] * u + m[4] * v + m[5];
    const z = m[6] * u + m[7] * v + m[8];
    rays[3 * i] = x;
    rays[3 * i + 1] = y;
    rays[3 * i + 2] = z;
    if (z >= 0) continue;
    depth[i] = -ez / z;
    incidence[i] = -z / Math.sqrt(x * x + y * y + z * z);
  }
  const cast = (shape: PlacedShape, area: PixelArea): void => {
    const solid = new RaySolid(shape, eye);
    for (let v = area.top; v <= area.bottom; v++) {
      for (let i = v * width + area.left; i <= v * width + area.right; i++) {
        if (wanted[i] === 0) continue;
        const t = solid.hit(rays[3 * i]!, rays[3 * i + 1]!, rays[3 * i + 2]!);
        if (t === Infinity || t >= (Number.isNaN(depth[i]!) ? Infinity : depth[i]!)) continue;
        depth[i] = t;
        incidence[i] = solid.facing;
      }
    }
  };
  things.forEach((thing, k) => cast(thing, areas[k]!));
  for (const { geom, link } of robot) {
    if (geom.shape.kind === 'mesh') continue;
    const placed = { shape: geom.shape, pose: compose(link, geom.pose) };
    cast(placed, pixelsOf(placed, view));
  }
  spoilDepth(depth, incidence, width, view.noise, random);
  const positions = new Float32Array(3 * depth.length);
  for (let i = 0; i < depth.length; i++) {
    const z = depth[i]!;
    positions[3 * i] = (((i % width) - cx) / fx) * z;
    positions[3 * i + 1] = ((Math.floor(i / width) - cy) / fy) * z;
    positions[3 * i + 2] = z;
  }
  const raw = { frame: 'camera', stamp: 0, count: depth.length, positions };
  const inBase = removeRobot(cropBox(toBase(raw, view.believed), DEFAULT_CROP), robot, ROBOT_MARGIN);
  return aboveTable(
    voxelGrid(removeOutliers(inBase, { deviations: deviationsOf(view) }), VOXEL),
    believedTable(view),
  );
}

/**
 * Outliers are told from how points lie in the whole picture. Of a camera at an angle, most of that is far table, thinly
 * seen: what passes there is measured (13.5 mm to the neighbours, against 8.3 mm from above) and comes to this many
 * standard deviations of the part that is looked at here.
 */
const deviationsOf = ({ believed }: View): number =>
  rotate(believed.orientation, [0, 0, 1])[2] < -0.9 ? 2 : 3.7;

/** Where the robot sees the table, which is at z = 0: off by as much as the camera is. */
function believedTable({ pose, believed }: View): Plane {
  const off = compose(believed, inverse(pose));
  const normal = rotate(off.orientation, [0, 0, 1]);
  const [x, y, z] = off.position;
  return { normal, offset: normal[0] * x + normal[1] * y + normal[2] * z, inliers: 0 };
}

interface PixelArea {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const NOWHERE: PixelArea = { left: 1, right: 0, top: 1, bottom: 0 };

/** The part of the picture that a ball round the shape covers; all of it where the eye is too near to tell. */
function pixelsOf({ shape, pose }: PlacedShape, { pose: camera, intrinsics }: View): PixelArea {
  const { width, height, fx, fy, cx, cy } = intrinsics;
  const radius = boundingRadius(shape);
  const to = subtract(pose.position, camera.position);
  const m = matrixFromQuat(camera.orientation);
  const along = (k: number): number => m[k]! * to[0] + m[3 + k]! * to[1] + m[6 + k]! * to[2];
  const [x, y, z] = [along(0), along(1), along(2)];
  if (z < -radius) return NOWHERE;
  if (z < radius + 0.05) return { left: 0, right: width - 1, top: 0, bottom: height - 1 };
  // Of a ball, not of a disc: a little wider towards the picture's edges.
  const reach = (1.1 * radius) / (z - radius);
  const area = {
    left: Math.max(0, Math.floor(cx + fx * (x / z - reach))),
    right: Math.min(width - 1, Math.ceil(cx + fx * (x / z + reach))),
    top: Math.max(0, Math.floor(cy + fy * (y / z - reach))),
    bottom: Math.min(height - 1, Math.ceil(cy + fy * (y / z + reach))),
  };
  return area.left > area.right || area.top > area.bottom ? NOWHERE : area;
}
