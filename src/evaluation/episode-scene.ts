import { hashBytes } from '../core/hash.ts';
import type { Capture } from '../core/capture.ts';
import { WaybookError } from '../core/errors.ts';
import { angleBetween, distance, quatMultiply, rotate, type Pose, type Vec3 } from '../core/geometry.ts';
import { selectPoints, type PointCloud } from '../core/point-cloud.ts';
import { Random } from '../core/random.ts';
import type { RobotProfile } from '../core/robot-profile.ts';
import type { RobotState } from '../core/robot-state.ts';
import type { SceneObject } from '../core/scene-object.ts';
import type { Waypoint } from '../core/waypoint.ts';
import { loadRobotModel } from '../kinematics/load-robot-model.ts';
import type { RobotModel } from '../kinematics/robot-model.ts';
import { processCapture } from '../perception/process-capture.ts';
import { planByLanguage } from '../planning/language-planner.ts';
import type { PlanStep } from '../planning/planner.ts';
import { SelfCollision } from '../robot/gate/self-collision.ts';
import { simulatorProfile } from '../robot/profiles/simulator-profile.ts';
import { NOISE_NORMAL } from '../simulator/cameras/sensor-noise.ts';
import { createWorld } from '../simulator/world.ts';
import type { GroundTruth, World } from '../simulator/world-api.ts';
import { conditionName, EXTRINSICS_UNIT, type Condition } from './condition.ts';
import { firstGrasp } from './measures.ts';
import { spoilPlan, thingOf, type SpoiltPlan } from './spoil-plan.ts';

/** What one arm needs for kinematics and for the gate, the same for all its scenes. */
export interface ArmKit {
  readonly model: RobotModel;
  readonly selfCollision: SelfCollision;
}

/** Loads each arm once. Must be disposed. */
export class ArmKits implements Disposable {
  readonly #kits = new Map<string, Promise<ArmKit>>();
  readonly #loaded: ArmKit[] = [];

  for(world: World): Promise<ArmKit> {
    const { name, joints, limits } = world.arm;
    let kit = this.#kits.get(name);
    if (!kit) {
      kit = loadRobotModel({
        urdf: world.urdf,
        joints,
        toolFrame: 'tool',
        accelerationLimits: limits.map((limit) => limit.acceleration),
      }).then(async (model) => {
        const loaded = { model, selfCollision: await SelfCollision.load(model) };
        this.#loaded.push(loaded);
        return loaded;
      });
      this.#kits.set(name, kit);
    }
    return kit;
  }

  [Symbol.dispose](): void {
    for (const { model, selfCollision } of this.#loaded) {
      selfCollision[Symbol.dispose]();
      model[Symbol.dispose]();
    }
  }
}

/** What decides the world itself; the rest of a condition happens in it. */
export type SceneSetup = Pick<Condition, 'extrinsics' | 'distractors' | 'obstacles' | 'object' | 'arm'>;

/** A scene ready for one condition: shared by every method, so that their episodes are paired. */
export interface Prepared {
  readonly condition: Condition;
  /** the world when planning and looking are over */
  readonly snapshot: Uint8Array;
  /** the plan on what is true now: oracle waypoints */
  readonly exact: readonly Waypoint[];
  /** what the methods are given */
  readonly spoilt: SpoiltPlan;
  readonly capture: Capture;
  readonly start: { readonly pose: Pose; readonly gripper: number };
  readonly state: RobotState;
  readonly objects: readonly SceneObject[];
  /** the first thing that is acted on, where it can be held: its true grasps */
  readonly grasps: readonly { readonly pose: Pose; readonly width: number }[];
  readonly target: SceneObject | undefined;
  /** ids of everything that the plan acts on */
  readonly named: readonly string[];
  /** with `shift`: the true grasps of the thing that the waypoints were moved to */
  readonly decoy: readonly Pose[];
}

const EMPTY_RADIUS = 0.12;

/**
 * One world with its plan, made once and prepared for each condition that happens in it. Must be disposed. Throws
 * `input/grounding` or `input/planner` where the planner refuses the scene's own instruction.
 */
export class EpisodeScene implements Disposable {
  readonly world: World & GroundTruth;
  readonly kit: ArmKit;
  readonly profile: RobotProfile;
  readonly task: string;
  readonly seed: number;
  readonly #begin: Uint8Array;
  readonly #prepared = new Map<string, Prepared | undefined>();
  readonly #captures = new Map<string, Capture>();

  static async open(task: string, seed: number, setup: SceneSetup, kits: ArmKits): Promise<EpisodeScene> {
    const extrinsics = setup.extrinsics;
    const world = await createWorld({
      scene: task,
      seed,
      noise:
        extrinsics === 0
          ? 'normal'
          : {
              ...NOISE_NORMAL,
              extrinsicPosition: NOISE_NORMAL.extrinsicPosition + extrinsics * EXTRINSICS_UNIT.position,
              extrinsicRotation: NOISE_NORMAL.extrinsicRotation + extrinsics * EXTRINSICS_UNIT.rotation,
            },
      distractors: setup.distractors,
      obstacles: setup.obstacles,
      ...(setup.object === '' ? {} : { object: setup.object }),
      ...(setup.arm === '' ? {} : { arm: setup.arm }),
    });
    try {
      return new EpisodeScene(task, seed, world, await kits.for(world));
    } catch (error) {
      world[Symbol.dispose]();
      throw error;
    }
  }

  private constructor(task: string, seed: number, world: World & GroundTruth, kit: ArmKit) {
    this.task = task;
    this.seed = seed;
    this.world = world;
    this.kit = kit;
    this.profile = profileOf(world);
    this.#begin = world.snapshot();
  }

  [Symbol.dispose](): void {
    this.world[Symbol.dispose]();
  }

  /** The scene under a condition, or undefined where it cannot be had: nothing to move, no other thing to be led to. */
  prepare(condition: Condition): Prepared | undefined {
    const name = conditionName(condition);
    if (!this.#prepared.has(name)) this.#prepared.set(name, this.#prepare(condition));
    return this.#prepared.get(name);
  }

  #prepare(condition: Condition): Prepared | undefined {
    const { world } = this;
    world.restore(this.#begin);
    const before = world.detections();
    const state = this.#state();
    const start = { pose: this.kit.model.forward(state.joints), gripper: state.gripper };
    const planned = this.#plan(before, start);
    const id = planned.steps[0]?.object;
    const target = before.find((object) => object.id === id);
    const random = (purpose: string): Random => new Random('evaluation', purpose, this.task, this.seed);
    let exact = planned;
    if (condition.moved > 0) {
      if (!target || !this.#move(target, before, condition.moved, random('moved'))) return undefined;
      exact = this.#plan(world.detections(), start);
    }
    const shifted =
      condition.shift === 'none'
        ? { waypoints: planned.waypoints, decoy: [] }
        : this.#shift(condition.shift, planned.waypoints, before, target, start.gripper, random('shift'));
    if (!shifted) return undefined;
    const objects = world.detections();
    const camera = world.cameraPose(condition.camera).position;
    const single = target !== undefined && (target.articulation ?? target.partOf) !== undefined;
    const spoilt = spoilPlan(
      shifted.waypoints,
      thingOf(shifted.waypoints, single),
      condition,
      camera,
      start.gripper,
      random('noise'),
    );
    const snapshot = world.snapshot();
    const capture = this.#capture(condition, state, hashBytes(snapshot), target);
    return {
      condition,
      snapshot,
      exact: exact.waypoints,
      spoilt,
      capture: { ...capture, objects },
      start,
      state,
      objects,
      grasps: target === undefined ? [] : world.grasps(target.id),
      target: objects.find((object) => object.id === id),
      named: exact.steps.flatMap((s) => [
        s.object,
        s.destination ?? '',
        ...(s.references ?? []),
        s.with ?? '',
      ]),
      decoy: shifted.decoy,
    };
  }

  #state(): RobotState {
    const n = this.world.arm.joints.length;
    const [q, v, e] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
    this.world.armState(q, v, e);
    return {
      stamp: this.world.time,
      joints: [...q],
      velocities: [...v],
      gripper: Math.min(1, this.world.fingerPosition() / this.world.arm.gripper.open),
    };
  }

  /** The built-in planner's; where it refuses to hold a thing that is to be picked up, the thing's own known grasp. */
  #plan(
    objects: readonly SceneObject[],
    start: { pose: Pose; gripper: number },
  ): {
    waypoints: readonly Waypoint[];
    steps: readonly Pick<PlanStep, 'object' | 'destination' | 'references' | 'with'>[];
  } {
    try {
      return planByLanguage({
        instruction: this.world.instruction,
        objects,
        robot: {
          toolPose: start.pose,
          gripper: start.gripper,
          maxOpening: this.world.arm.gripper.width,
          workspace: this.profile.workspace,
        },
        viewpoint: 'robot',
      });
    } catch (error) {
      const subject =
        this.task === PICKING ? objects.find((o) => this.world.grasps(o.id).length > 0) : undefined;
      if (!subject) throw error;
      // Fingers are alike: of each grasp and its half turn, what turns the tool least.
      const holds = this.world.grasps(subject.id).flatMap(({ pose }) => [pose, halfTurned(pose)]);
      const turn = (pose: Pose): number => angleBetween(pose.orientation, start.pose.orientation);
      const [grasp] = holds.sort((a, b) => turn(a) - turn(b));
      return { waypoints: pickBy(grasp!), steps: [{ object: subject.id }] };
    }
  }

  /** What a camera sees, the same for every plan that is spoilt in this world. */
  #capture(condition: Condition, state: RobotState, world: string, target: SceneObject | undefined): Capture {
    const { camera, hidden } = condition;
    const key = `${world} ${camera} ${hidden}`;
    let capture = this.#captures.get(key);
    if (!capture) {
      const seen = this.world.renderCloud(camera);
      const cameraPose = this.world.cameraPose(camera);
      const frame = this.world.cameras.find((c) => c.name === camera)!.frame;
      capture = processCapture(
        {
          camera,
          cloud: {
            frame,
            stamp: this.world.time,
            count: seen.positions.length / 3,
            positions: seen.positions,
            colors: seen.colors,
          },
          cameraPose,
          robot: state,
        },
        // What methods make of the points is their own; the gate is told what the simulator's detector says.
        { detections: [] },
        this.kit.model,
      );
      if (hidden > 0 && target) {
        const side = new Random('evaluation', 'hidden', this.task, this.seed).next() < 0.5 ? -1 : 1;
        capture = { ...capture, cloud: behindEdge(capture.cloud, cameraPose.position, target, hidden, side) };
      }
      this.#captures.set(key, capture);
    }
    return capture;
  }

  /** Moves a free thing by a distance in a random direction that leaves room to all others; false where there is none. */
  #move(target: SceneObject, objects: readonly SceneObject[], by: number, random: Random): boolean {
    const [x, y, z] = target.pose.position;
    const half = (o: SceneObject): number => Math.hypot(o.size[0], o.size[1]) / 2;
    const own = this.world.describeScene().find((body) => body.name === target.id)?.pose;
    if (!own) return false;
    const first = random.uniform(0, 2 * Math.PI);
    for (let k = 0; k < 12; k++) {
      const turn = first + (k * Math.PI) / 6;
      const [dx, dy] = [by * Math.cos(turn), by * Math.sin(turn)];
      const free = objects.every(
        (o) =>
          o.id === target.id ||
          o.partOf === target.id ||
          Math.hypot(o.pose.position[0] - x - dx, o.pose.position[1] - y - dy) >
            half(o) + half(target) + 0.01,
      );
      const reach = Math.hypot(x + dx, y + dy);
      if (!free || reach > 0.68 || reach < 0.32 || z < 0) continue;
      try {
        const [ox, oy, oz] = own.position;
        this.world.moveObject(target.id, { ...own, position: [ox + dx, oy + dy, oz] });
        return true;
      } catch (error) {
        if (error instanceof WaybookError && error.code === 'input/reference') return false;
        throw error;
      }
    }
    return false;
  }

  /** The plan with all that belongs to its first grasp moved to another thing, or to where there is nothing. */
  #shift(
    kind: 'distractor' | 'empty',
    waypoints: readonly Waypoint[],
    objects: readonly SceneObject[],
    target: SceneObject | undefined,
    gripper: number,
    random: Random,
  ): { waypoints: readonly Waypoint[]; decoy: readonly Pose[] } | undefined {
    const grasp = firstGrasp(waypoints, gripper).close;
    if (grasp === undefined || !target) return undefined;
    const from = waypoints[grasp]!.position;
    let to: Vec3 | undefined;
    let decoy: readonly Pose[] = [];
    if (kind === 'distractor') {
      const others = objects.flatMap((object) => {
        if (object.id === target.id || object.partOf !== undefined) return [];
        const grasps = this.world.grasps(object.id).map((g) => g.pose);
        const away = Math.hypot(object.pose.position[0] - from[0], object.pose.position[1] - from[1]);
        return grasps.length > 0 && away > 0.06 ? [{ grasps, away }] : [];
      });
      const nearest = others.sort((a, b) => a.away - b.away)[0];
      if (!nearest) return undefined;
      decoy = nearest.grasps;
      to = decoy[0]!.position;
    } else {
      for (let k = 0; k < 200 && !to; k++) {
        const [x, y] = [random.uniform(0.36, 0.64), random.uniform(-0.28, 0.28)];
        const empty = objects.every((o) => {
          const reach = Math.hypot(o.size[0], o.size[1]) / 2 + EMPTY_RADIUS;
          return Math.hypot(o.pose.position[0] - x, o.pose.position[1] - y) > reach;
        });
        if (empty) to = [x, y, from[2]];
      }
      if (!to) return undefined;
    }
    const things = thingOf(waypoints, false);
    const shift: Vec3 = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
    return {
      decoy,
      waypoints: waypoints.map((w, i) =>
        things[i] === things[grasp]
          ? { ...w, position: [w.position[0] + shift[0], w.position[1] + shift[1], w.position[2] + shift[2]] }
          : w,
      ),
    };
  }
}

const PICKING = 'pick-and-hold';
/** How far above a grasp one comes from, and goes to [m]. */
const APPROACH = 0.1;
const LIFT = 0.18;

/** About its own approach. */
const halfTurned = ({ position, orientation }: Pose): Pose => ({
  position,
  orientation: quatMultiply(orientation, [0, 0, 1, 0]),
});

function pickBy({ position, orientation }: Pose): Waypoint[] {
  const approach = rotate(orientation, [0, 0, 1]);
  const at = (label: string, back: number, up: number, gripper: number, radius: number): Waypoint => ({
    label,
    position: [
      position[0] - back * approach[0],
      position[1] - back * approach[1],
      position[2] - back * approach[2] + up,
    ],
    orientation,
    gripper,
    radius,
  });
  return [
    at('above it', APPROACH, 0, 1, 0.03),
    at('grasp it', 0, 0, 0, 0.02),
    at('lift it', 0, LIFT, 0, 0.03),
  ];
}

/** The simulator's profile for whichever arm the world has. */
function profileOf(world: World): RobotProfile {
  const { joints, limits, gripper, home } = world.arm;
  return {
    ...simulatorProfile,
    joints,
    accelerationLimits: limits.map((limit) => limit.acceleration),
    home,
    gripper: {
      ...simulatorProfile.gripper!,
      joint: gripper.joint,
      open: gripper.open,
      width: gripper.width,
    },
  };
}

/** How far round a thing an edge hides it [m]. */
const EDGE_REACH = 0.06;

/**
 * The cloud without what an upright edge between camera and thing hides: everything near the thing on one side of a
 * vertical plane through the camera, `share` of the thing's width.
 */
function behindEdge(
  cloud: PointCloud,
  camera: Vec3,
  thing: SceneObject,
  share: number,
  side: 1 | -1,
): PointCloud {
  const [x, y] = thing.pose.position;
  const away = Math.hypot(x - camera[0], y - camera[1]);
  // To the left of the line of sight, seen from above.
  const [lx, ly] = [-(y - camera[1]) / away, (x - camera[0]) / away];
  const half = Math.hypot(thing.size[0], thing.size[1]) / 2;
  const edge = (1 - 2 * share) * Math.min(half, thing.size[0] / 2 + 1e-3);
  const kept: number[] = [];
  for (let i = 0; i < cloud.count; i++) {
    const point: Vec3 = [cloud.positions[3 * i]!, cloud.positions[3 * i + 1]!, cloud.positions[3 * i + 2]!];
    const across = side * ((point[0] - x) * lx + (point[1] - y) * ly);
    const near = distance([point[0], point[1], 0], [x, y, 0]) < half + EDGE_REACH;
    if (!near || across < edge) kept.push(i);
  }
  return selectPoints(cloud, kept);
}
