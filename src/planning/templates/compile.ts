import type { Waypoint } from '../../core/waypoint.ts';
import { viewAxes } from '../grounding/spatial.ts';
import type { Action } from '../language/action.ts';
import type { Situation } from '../language/understand.ts';
import { heldObject } from '../language/understand.ts';
import { refusal } from '../refusal.ts';
import { closeByPushing, controlOf, openByPulling, press, reach, slideByHandle } from './articulated.ts';
import { graspFromAbove, yawOf } from './grasp.ts';
import { drag, insert, pick, put, release, rotateFixed, rotateInPlace } from './pick-and-place.ts';
import type { PlacementContext } from './placement-context.ts';
import { push } from './push.ts';
import { WaypointWriter } from './waypoint-writer.ts';

/** How high "pick up" lifts [m]. */
const LIFT = 0.15;

/**
 * Waypoints in base for grounded actions, a few per action, by geometric templates. The scene is carried along: the
 * second thing put in a bowl finds the first one there. Refuses (`input/planner`) what has no room or reach.
 */
export function compile(actions: readonly Action[], situation: Situation): Waypoint[] {
  const writer = new WaypointWriter(situation);
  const context: PlacementContext = {
    scene: writer.scene,
    axes: viewAxes(situation.viewpoint, situation.views?.[0]),
    workspace: situation.robot.workspace,
    crowds: crowdsOf(actions),
  };
  const held = heldObject(situation);
  if (held !== undefined) {
    const f = writer.scene.of(held);
    const p = f.object.pose.position;
    const t = situation.robot.toolPose.position;
    const grasp = graspFromAbove(f, writer.scene, situation.robot.maxOpening, writer.yaw);
    writer.held = {
      id: held,
      offset: [t[0] - p[0], t[1] - p[1], t[2] - p[2]],
      yaw: yawOf(situation.robot.toolPose.orientation),
      width: grasp.width,
      release: grasp.release,
    };
  }
  for (const action of actions) compileOne(writer, action, context);
  return writer.waypoints;
}

/** How many things are put into, or on, each thing. */
function crowdsOf(actions: readonly Action[]): ReadonlyMap<string, number> {
  const crowds = new Map<string, number>();
  for (const action of actions) {
    if (action.kind !== 'put' || action.target.kind !== 'object') continue;
    const [id] = action.target.ids;
    const { relation } = action.target;
    if (id !== undefined && (relation === 'in' || relation === 'on'))
      crowds.set(id, (crowds.get(id) ?? 0) + 1);
  }
  return crowds;
}

function compileOne(writer: WaypointWriter, action: Action, context: PlacementContext): void {
  switch (action.kind) {
    case 'put':
      return put(writer, action.object, action.target, context);
    case 'insert':
      return insert(writer, action.object, action.hole);
    case 'push':
      if (action.target.kind === 'shift' && slides(writer, action.object))
        return slideByHandle(writer, action.object, action.target.direction, action.target.distance);
      // what rolls would roll on
      if (rolls(writer, action.object)) return drag(writer, action.object, action.target, context);
      return push(writer, action.object, action.target, context);
    case 'drag':
      return drag(writer, action.object, action.target, context);
    case 'pick':
      return pick(writer, action.object, { lift: action.height ?? LIFT });
    case 'open':
      return openByPulling(writer, action.object, action);
    case 'close':
      return closeByPushing(writer, action.object, action);
    case 'press':
      return press(writer, action.object);
    case 'switch': {
      const control = controlOf(writer, action.object, action.means);
      const f = writer.scene.of(control);
      if (f.nouns.has('button') || f.nouns.has('switch')) return press(writer, control);
      if (f.nouns.has('knob') || f.nouns.has('dial')) return rotateKnob(writer, control, action.state);
      if (f.object.articulation?.kind === 'revolute')
        return action.state === 'off'
          ? closeByPushing(writer, control, action)
          : openByPulling(writer, control, action);
      throw refusal('geometry', `I do not know how to work the ${f.object.label}.`, {
        candidates: [f.object],
      });
    }
    case 'rotate':
      return writer.scene.of(action.object).fixture
        ? rotateFixed(writer, action.object, action.angle)
        : rotateInPlace(writer, action.object, action.angle);
    case 'reach':
      return reach(writer, action.object, action.above);
    case 'release':
      return release(writer);
    case 'grip':
      return writer.go('close gripper', writer.position, writer.orientation, 0.02, 0);
  }
}

const rolls = (writer: WaypointWriter, id: string): boolean => {
  const { nouns, fixture } = writer.scene.of(id);
  return !fixture && ['ball', 'sphere'].some((noun) => nouns.has(noun));
};

/** Whether a thing runs on a rail over the table. */
function slides(writer: WaypointWriter, id: string): boolean {
  const { articulation } = writer.scene.of(id).object;
  return articulation?.kind === 'prismatic' && Math.hypot(articulation.axis[0], articulation.axis[1]) > 0.5;
}

/** A quarter turn; clockwise switches on, as on most stoves. */
function rotateKnob(writer: WaypointWriter, id: string, state: 'on' | 'off' | 'other'): void {
  rotateFixed(writer, id, state === 'off' ? Math.PI / 2 : -Math.PI / 2);
}
