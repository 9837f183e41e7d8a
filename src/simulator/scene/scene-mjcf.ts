import { armMjcf, poseAttributes, solidGeom } from '../arm/arm-mjcf.ts';
import type { ArmDescription } from '../arm/arm-description.ts';
import { volumeOf } from '../arm/mass-properties.ts';
import { element } from '../xml.ts';
import type { Motion, Thing } from './thing.ts';

/** Name of a thing's body and, where it moves, of its joint. */
export const thingName = (id: string): string => `thing:${id}`;

const THING_CONTACT = { condim: 4, solref: [0.01, 1] };
const DEFAULT_FRICTION = 0.7;
/** kg/m³ of fixed things, which have no mass of their own */
const FIXED_DENSITY = 500;

/** s per physics step */
export const TIMESTEP = 0.002;

/**
 * The whole model: arm, things, and how contact is solved. Elliptic cones with a high impratio keep grasped things from
 * creeping out of the fingers.
 */
export function sceneMjcf(
  arm: ArmDescription,
  things: readonly Thing[],
  noContact: readonly (readonly [string, string])[],
): string {
  const robot = armMjcf(arm);
  const apart = noContact.map(([a, b]) => element('exclude', { body1: thingName(a), body2: thingName(b) }));
  return element('mujoco', { model: arm.name }, [
    element('compiler', { angle: 'radian', autolimits: 'true' }),
    element('option', {
      timestep: TIMESTEP,
      integrator: 'implicitfast',
      cone: 'elliptic',
      impratio: 20,
      solver: 'Newton',
      iterations: 50,
      tolerance: 1e-8,
    }),
    element('size', { memory: '16M' }),
    element('worldbody', {}, [robot.bodies, ...things.map(thingBody)]),
    element('contact', {}, [...robot.exclusions, ...apart]),
    element('tendon', {}, robot.tendons),
    element('equality', {}, robot.equalities),
    element('actuator', {}, robot.actuators),
  ]);
}

function thingBody(thing: Thing): string {
  const name = thingName(thing.id);
  const volume = thing.solids.reduce((sum, s) => sum + volumeOf(s.shape) * (s.density ?? 1), 0);
  const density = thing.motion.kind === 'fixed' ? FIXED_DENSITY : thing.mass / volume;
  const friction = [thing.friction ?? DEFAULT_FRICTION, 0.005, 0.0001];
  const geoms = thing.solids.map((solid, i) =>
    solidGeom(`${name}:${i}`, solid, {
      ...THING_CONTACT,
      friction,
      density: density * (solid.density ?? 1),
      ...(solid.ghost ? { contype: 0, conaffinity: 0, density: 0 } : {}),
    }),
  );
  // Mechanisms are balanced: their own weight moves neither a lever nor a button.
  const balanced = thing.motion.kind === 'slide' || thing.motion.kind === 'hinge';
  const place = { name, ...poseAttributes(thing.pose), ...(balanced ? { gravcomp: 1 } : {}) };
  return element('body', place, [...jointOf(name, thing.motion), ...geoms]);
}

function jointOf(name: string, motion: Motion): string[] {
  switch (motion.kind) {
    case 'fixed':
      return [];
    case 'free':
      return [element('freejoint', { name })];
    case 'slide':
    case 'hinge':
      return [
        element('joint', {
          name,
          type: motion.kind,
          axis: motion.axis,
          pos: motion.origin,
          range: [motion.lower, motion.upper],
          damping: motion.damping,
          frictionloss: motion.friction,
          stiffness: motion.stiffness,
          armature: 0.002,
        }),
      ];
  }
}
