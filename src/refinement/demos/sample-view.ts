import {
  add,
  compose,
  normalize,
  cross,
  inverse,
  quatFromAxisAngle,
  quatFromMatrix,
  subtract,
  type Pose,
  type Vec3,
} from '../../core/geometry.ts';
import type { Random } from '../../core/random.ts';
import type { PlacedSolid } from '../../perception/self-filter.ts';
import { FINGER_LINKS, HAND_LINK, type ArmDescription } from '../../simulator/arm/arm-description.ts';
import { describedPoses, linksOf } from '../../simulator/arm/arm-links.ts';
import { cameraRig } from '../../simulator/cameras/camera-rig.ts';
import { NOISE_NORMAL } from '../../simulator/cameras/sensor-noise.ts';
import { homeTool } from './demo-scene.ts';
import type { View } from './depth-view.ts';

const FIXED_CAMERAS = cameraRig.filter((mount) => mount.parent !== HAND_LINK);

/** A camera with ordinary noise: half of the time one of the simulator's, moved a little, else anywhere round the table. */
export function sampleView(random: Random): View {
  const mount = random.pick(FIXED_CAMERAS);
  const level = random.uniform(0.5, 1.8);
  const noise = {
    ...NOISE_NORMAL,
    depthAtOneMetre: level * NOISE_NORMAL.depthAtOneMetre,
    holes: level * NOISE_NORMAL.holes,
  };
  const near = random.next() < 0.6;
  const believed = near ? moved(mount.pose, random.next() < 0.5 ? 0 : 0.06, random) : anywhere(random);
  const off = random.uniform(0, 1.5);
  const error: Pose = {
    position: spread(off * NOISE_NORMAL.extrinsicPosition, random),
    orientation: turn(off * NOISE_NORMAL.extrinsicRotation, random),
  };
  return { pose: compose(believed, error), believed, intrinsics: mount.intrinsics, noise };
}

const spread = (s: number, random: Random): Vec3 => [
  s * random.normal(),
  s * random.normal(),
  s * random.normal(),
];

function turn(s: number, random: Random): Pose['orientation'] {
  const axis = spread(s, random);
  return quatFromAxisAngle(axis, Math.hypot(...axis));
}

const moved = (pose: Pose, by: number, random: Random): Pose => ({
  position: add(pose.position, spread(by, random)),
  orientation: compose(pose, { position: [0, 0, 0], orientation: turn(by, random) }).orientation,
});

function anywhere(random: Random): Pose {
  const target: Vec3 = [0.48 + random.uniform(-0.05, 0.05), random.uniform(-0.05, 0.05), 0.03];
  const azimuth = random.uniform(-1.9, 1.9);
  const elevation = random.next() < 0.2 ? random.uniform(1.2, 1.5) : random.uniform(0.5, 1.15);
  const away = random.uniform(0.75, 1.1);
  const eye: Vec3 = [
    target[0] + away * Math.cos(elevation) * Math.cos(azimuth),
    target[1] + away * Math.cos(elevation) * Math.sin(azimuth),
    target[2] + away * Math.sin(elevation),
  ];
  const forward = normalize(subtract(target, eye));
  const right = normalize(cross(forward, [0, 0, 1]));
  const down = cross(forward, right);
  const rows = [0, 1, 2].flatMap((r) => [right[r]!, down[r]!, forward[r]!]);
  return { position: eye, orientation: quatFromMatrix(rows) };
}

/** Links that go where the hand goes, as long as the wrist is not turned. */
const WRIST_LINKS = 3;

/**
 * The arm's solids with the tool at a pose: the wrist as it is at home, moved along with the hand, the rest at home. An
 * approximation that needs no inverse kinematics; near the tool, where it is seen and hides things, it is right.
 */
export function armAt(arm: ArmDescription, tool: Pose, opening: number): PlacedSolid[] {
  const home = describedPoses(arm, arm.home);
  const shift = compose(tool, inverse(homeTool(arm)));
  const links = linksOf(arm);
  const firstMoved = links.findIndex((link) => link.name === HAND_LINK) - WRIST_LINKS;
  return links.flatMap((link, i) => {
    const atHome = home.get(link.name)!;
    let pose = i >= firstMoved ? compose(shift, atHome) : atHome;
    const side = FINGER_LINKS.findIndex((name) => name === link.name);
    if (side >= 0) {
      const travel = (side === 0 ? 1 : -1) * arm.gripper.travel * opening;
      pose = compose(pose, { position: [0, travel, 0], orientation: [0, 0, 0, 1] });
    }
    return link.solids.map((geom): PlacedSolid => ({ geom, link: pose }));
  });
}
