import {
  add,
  angleBetween,
  compose,
  inverse,
  quatFromAxisAngle,
  quatMultiply,
  rotate,
  TOOL_DOWN,
  type Pose,
  type Vec3,
} from '../../src/core/geometry.ts';
import type { SceneObject } from '../../src/core/scene-object.ts';
import type { GroundTruth, World } from '../../src/simulator/world-api.ts';
import { down, objectNamed, pickAndPlace, wrap, yawOf, type ScriptStep } from './scripted-arm.ts';

type Truth = World & GroundTruth;

/** Turn of a box's faces, nearest to the tool's own [rad]. */
const faces = (world: World, label: string): number =>
  wrap(yawOf(objectNamed(world, label).pose.orientation), Math.PI / 2);

function toBowl(world: World, thing: string, bowl: string): ScriptStep[] {
  const [x, y] = objectNamed(world, bowl).pose.position;
  return pickAndPlace(objectNamed(world, thing), [x, y, 0.08], faces(world, thing));
}

/** How each task is done with the truth known: scripts that read object poses, never the predicates. */
export const taskScripts: Readonly<Record<string, (world: Truth) => ScriptStep[]>> = {
  'put-in-bowl': (world) => toBowl(world, 'red cube', 'blue bowl'),
  stack: (world) => {
    const lower = objectNamed(world, 'green cube');
    const [x, y, z] = lower.pose.position;
    const at: Vec3 = [x, y, z + lower.size[2] + 0.002];
    return pickAndPlace(
      objectNamed(world, 'red cube'),
      at,
      faces(world, 'red cube'),
      faces(world, 'green cube'),
    );
  },
  'push-to-target': (world) => {
    const block = objectNamed(world, 'yellow block');
    const [tx, ty] = objectNamed(world, 'target').pose.position;
    const [x, y] = block.pose.position;
    const angle = Math.atan2(ty - y, tx - x);
    const [ux, uy] = [Math.cos(angle), Math.sin(angle)];
    // Half of the block along the push, and half of the hand's fingers.
    const turn = wrap(yawOf(block.pose.orientation) - angle, Math.PI / 2);
    const half = 0.03 * (Math.cos(turn) + Math.sin(Math.abs(turn)));
    const behind = half + 0.05;
    const touch = half + 0.01;
    const yaw = wrap(angle, Math.PI);
    return [
      { grip: 0.4 },
      { move: down([x - behind * ux, y - behind * uy, 0.15], yaw), speed: 0.4 },
      { move: down([x - behind * ux, y - behind * uy, 0.025], yaw), speed: 0.2 },
      { move: down([tx - touch * ux, ty - touch * uy, 0.025], yaw), speed: 0.08 },
      { move: down([tx - behind * ux, ty - behind * uy, 0.025], yaw), speed: 0.1 },
      { move: down([tx - behind * ux, ty - behind * uy, 0.2], yaw), speed: 0.2 },
      { wait: 0.5 },
    ];
  },
  'open-drawer': (world) => {
    const handle = objectNamed(world, 'drawer handle');
    const [hx, hy, hz] = handle.pose.position;
    const [ox, oy] = rotate(handle.pose.orientation, [1, 0, 0]);
    // Fingers open along the pull.
    const yaw = wrap(Math.atan2(oy, ox) - Math.PI / 2, Math.PI);
    const out = (d: number, z: number): Vec3 => [hx + d * ox, hy + d * oy, z];
    return [
      { grip: 1 },
      { move: down(out(0, 0.25), yaw), speed: 0.4 },
      { move: down(out(0, hz), yaw), speed: 0.15 },
      { grip: 0 },
      { move: down(out(0.15, hz), yaw), speed: 0.12 },
      { grip: 1 },
      { move: down(out(0.15, 0.25), yaw), speed: 0.2 },
      { wait: 0.5 },
    ];
  },
  'insert-peg': (world) => {
    const peg = objectNamed(world, 'peg');
    const [x, y] = objectNamed(world, 'hole').pose.position;
    return pickAndPlace(peg, [x, y, peg.size[2] / 2 + 0.002], 0);
  },
  'sort-by-colour': (world) =>
    ['red cube', 'blue cube', 'red cylinder', 'blue cylinder'].flatMap((thing) =>
      toBowl(world, thing, `${thing.split(' ')[0] ?? ''} bowl`),
    ),
  'pick-and-hold': (world) => pickUp(world, subjectOf(world)).steps,
  'place-beside': (world) => {
    const [x, y] = objectNamed(world, 'green cylinder').pose.position;
    const subject = subjectOf(world);
    const [sx, sy] = subject.pose.position;
    const apart = 0.03 + (subject.size[0] + subject.size[1]) / 4 + 0.03;
    const angle = Math.atan2(sy - y, sx - x);
    return carry(world, subject, [x + apart * Math.cos(angle), y + apart * Math.sin(angle), 0]);
  },
  unstack: (world) => {
    const { position } = objectNamed(world, 'green cube').pose;
    const away = position[1] > 0 ? -0.1 : 0.1;
    return carry(world, objectNamed(world, 'red cube'), [position[0], position[1] + away, 0]);
  },
  'put-in-drawer': (world) => {
    const handle = objectNamed(world, 'drawer handle').pose;
    const middle = compose(handle, { position: [-0.06 - 0.07, 0, 0], orientation: [0, 0, 0, 1] }).position;
    return carry(world, subjectOf(world), [middle[0], middle[1], 0.03], 0.07);
  },
  'close-drawer': (world) => {
    const handle = objectNamed(world, 'drawer handle');
    const [hx, hy, hz] = handle.pose.position;
    const [ox, oy] = rotate(handle.pose.orientation, [1, 0, 0]);
    const yaw = wrap(Math.atan2(oy, ox), Math.PI);
    const out = (d: number, z: number): Vec3 => [hx + d * ox, hy + d * oy, z];
    return [
      { grip: 0 },
      { move: down(out(0.06, 0.25), yaw), speed: 0.4 },
      { move: down(out(0.06, hz), yaw), speed: 0.2 },
      { move: down(out(0.014 - drawerTravel(world), hz), yaw), speed: 0.1 },
      { move: down(out(0.06, hz), yaw), speed: 0.2 },
      { wait: 0.3 },
    ];
  },
  'lift-lid': (world) => {
    const pot = objectNamed(world, 'blue pot').pose.position;
    const side = pot[1] > 0 ? -0.17 : 0.17;
    return carry(world, objectNamed(world, 'lid'), [pot[0], pot[1] + side, 0]);
  },
  'press-button': (world) => {
    const button = world.detections().find((o) => o.shape === 'button')!;
    const [x, y, z] = button.pose.position;
    const top = z + button.size[2] / 2;
    return [
      { grip: 0 },
      { move: down([x, y, 0.2]), speed: 0.4 },
      // The fingertips reach 8 mm beyond the tool frame.
      { move: down([x, y, top + 0.008 - 0.009]), speed: 0.05 },
      { move: down([x, y, 0.2]), speed: 0.2 },
    ];
  },
  'pull-lever': (world) => {
    const lever = objectNamed(world, 'lever handle');
    const { axis, origin } = lever.articulation as { axis: Vec3; origin: Vec3 };
    const start = bestGrasp(world, lever.id);
    const arc = [0.2, 0.4, 0.6, 0.8, 0.95].map((angle): ScriptStep => {
      const turn = quatFromAxisAngle(axis, angle);
      const from = start.position.map((value, k) => value - origin[k]!) as unknown as Vec3;
      // The hand stays upright; the round grip turns between the fingers.
      return {
        move: { position: add(origin, rotate(turn, from)), orientation: start.orientation },
        speed: 0.15,
      };
    });
    return [
      { grip: 1 },
      { move: raised(start, 0.1), speed: 0.4 },
      { move: start, speed: 0.15 },
      { grip: 0.3 },
      ...arc,
      { grip: 1 },
      { move: down([0.4, 0, 0.35]), speed: 0.2 },
      { wait: 0.3 },
    ];
  },
  'open-door': (world) => swingDoor(world, 1.15),
  'close-door': (world) => swingDoor(world, -(world.taskVerdict().metrics.angle ?? 0) - 0.03),
  'turn-knob': (world) => {
    const knob = world.detections().find((o) => o.shape === 'knob')!;
    const start = bestGrasp(world, knob.id);
    const turned = (angle: number): Pose => ({
      position: start.position,
      orientation: quatMultiply(quatFromAxisAngle([0, 0, 1], angle), start.orientation),
    });
    return [
      { grip: 1 },
      { move: raised(start, 0.1), speed: 0.4 },
      { move: start, speed: 0.15 },
      { grip: 0 },
      { move: turned(0.5) },
      { move: turned(1) },
      { grip: 1 },
      { move: raised(turned(1), 0.15), speed: 0.2 },
      { wait: 0.3 },
    ];
  },
  'ring-on-post': (world) => {
    const [x, y] = objectNamed(world, 'grey post').pose.position;
    return carry(world, objectNamed(world, 'purple ring'), [x, y, 0.012], 0.01);
  },
  'stand-upright': (world) => {
    const rod = objectNamed(world, 'orange rod');
    const { position, orientation } = rod.pose;
    const along = rotate(orientation, [1, 0, 0]);
    // Hold it near one end and tip the hand over to the side, so that this end comes up.
    const sign = along[1] > 0 ? 1 : -1;
    const grip = add(position, rotate(orientation, [sign * 0.025, 0, 0.002]));
    const start: Pose = { position: grip, orientation: nearest(quatMultiply(orientation, TOOL_DOWN)) };
    const tipped = (height: number): Pose => {
      const axis = rotate(orientation, [0, 1, 0]);
      const turn = quatFromAxisAngle(axis, (sign * -Math.PI) / 2);
      return {
        position: [position[0], position[1], height],
        orientation: quatMultiply(turn, start.orientation),
      };
    };
    return [
      { grip: 1 },
      { move: raised(start, 0.12), speed: 0.4 },
      { move: start, speed: 0.15 },
      { grip: 0 },
      { move: raised(start, 0.2), speed: 0.2 },
      { move: tipped(0.25), speed: 0.2 },
      { move: tipped(0.0875), speed: 0.1 },
      { grip: 1 },
      { move: backOff(tipped(0.0875), 0.12), speed: 0.1 },
      { wait: 0.5 },
    ];
  },
  'put-on-shelf': (world) => {
    const [x, y] = objectNamed(world, 'shelf').pose.position;
    return carry(world, subjectOf(world), [x, y, 0.12], 0.004, 0.3);
  },
  sandbox: (world) => pickUp(world, objectNamed(world, world.instruction.replace('pick up the ', ''))).steps,
  'sandbox-twins': (world) =>
    pickUp(world, objectNamed(world, world.instruction.replace('pick up the ', ''))).steps,
  'put-on-plate': (world) => {
    const [x, y] = objectNamed(world, 'white plate').pose.position;
    return carry(world, subjectOf(world), [x, y, 0.005], 0.004);
  },
};

/** The handle's bar in the fingers, round the hinge, let go. */
function swingDoor(world: Truth, angle: number): ScriptStep[] {
  const handle = objectNamed(world, 'door handle');
  const { axis, origin } = handle.articulation as { axis: Vec3; origin: Vec3 };
  const start = bestGrasp(world, objectNamed(world, 'door handle').partOf ?? handle.id);
  const arc = [0.2, 0.4, 0.6, 0.8, 1].map((share): ScriptStep => {
    const turn = quatFromAxisAngle(axis, share * angle);
    const from = start.position.map((value, k) => value - origin[k]!) as unknown as Vec3;
    const position = add(origin, rotate(turn, from));
    return { move: { position, orientation: start.orientation }, speed: 0.15 };
  });
  const last = arc[arc.length - 1]!;
  const end: Pose = 'move' in last ? last.move : start;
  return [
    { grip: 1 },
    { move: raised(start, 0.1), speed: 0.4 },
    { move: start, speed: 0.15 },
    { grip: 0.1 },
    ...arc,
    { grip: 1 },
    { move: raised(end, 0.12), speed: 0.2 },
    { wait: 0.5 },
  ];
}

/** The red thing that a task handles: its own or a family's sample. */
const subjectOf = (world: World): SceneObject =>
  world.detections().find((o) => o.colour === 'red' && !o.partOf)!;

const drawerTravel = (world: World): number => world.taskVerdict().metrics.open ?? 0;

/** Of two hands' ways to hold the same thing, the one that turns the wrist less. */
function nearest(q: Pose['orientation']): Pose['orientation'] {
  const flipped = quatMultiply(q, [0, 0, 1, 0]);
  return angleBetween(q, TOOL_DOWN) <= angleBetween(flipped, TOOL_DOWN) ? q : flipped;
}

/** The grasp, of those known to work, that turns the wrist least. */
function bestGrasp(world: Truth, id: string): Pose {
  const poses = world.grasps(id).map(({ pose }) => ({ ...pose, orientation: nearest(pose.orientation) }));
  poses.sort((a, b) => angleBetween(a.orientation, TOOL_DOWN) - angleBetween(b.orientation, TOOL_DOWN));
  if (!poses[0]) throw new Error(`nothing holds ${id}`);
  return poses[0];
}

const raised = (pose: Pose, by: number): Pose => ({ ...pose, position: add(pose.position, [0, 0, by]) });

/** Back along the tool's own approach. */
const backOff = (pose: Pose, by: number): Pose => ({
  ...pose,
  position: add(pose.position, rotate(pose.orientation, [0, 0, -by])),
});

function pickUp(world: Truth, object: SceneObject, lift = 0.2): { steps: ScriptStep[]; grasp: Pose } {
  const grasp = bestGrasp(world, object.id);
  const above = raised(grasp, lift);
  const steps: ScriptStep[] = [
    { grip: 1 },
    { move: above, speed: 0.4 },
    { move: grasp, speed: 0.15 },
    { grip: 0 },
    { move: above, speed: 0.2 },
    { wait: 0.3 },
  ];
  return { steps, grasp };
}

/** Carries a thing so that its lowest point stands on `at`, dropped from `drop` above it. */
function carry(world: Truth, object: SceneObject, at: Vec3, drop = 0.003, over = 0.2): ScriptStep[] {
  const { steps, grasp } = pickUp(world, object, over);
  const inHand = compose(inverse(grasp), object.pose).position;
  // Where the tool must be for the thing's middle to be over the place.
  const middle = rotate(grasp.orientation, inHand);
  const place: Pose = {
    ...grasp,
    position: [at[0] - middle[0], at[1] - middle[1], at[2] + drop + object.size[2] / 2 - middle[2]],
  };
  return [
    ...steps,
    {
      move: { ...place, position: [place.position[0], place.position[1], grasp.position[2] + over] },
      speed: 0.3,
    },
    { move: place, speed: 0.1 },
    { grip: 1 },
    { move: raised(place, 0.15), speed: 0.15 },
    { wait: 0.6 },
  ];
}
