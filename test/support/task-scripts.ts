import { rotate, type Vec3 } from '../../src/core/geometry.ts';
import type { World } from '../../src/simulator/world-api.ts';
import { down, objectNamed, pickAndPlace, wrap, yawOf, type ScriptStep } from './scripted-arm.ts';

/** Turn of a box's faces, nearest to the tool's own [rad]. */
const faces = (world: World, label: string): number =>
  wrap(yawOf(objectNamed(world, label).pose.orientation), Math.PI / 2);

function toBowl(world: World, thing: string, bowl: string): ScriptStep[] {
  const [x, y] = objectNamed(world, bowl).pose.position;
  return pickAndPlace(objectNamed(world, thing), [x, y, 0.08], faces(world, thing));
}

/** How each task is done with the truth known: scripts that read object poses, never the predicates. */
export const taskScripts: Readonly<Record<string, (world: World) => ScriptStep[]>> = {
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
};
