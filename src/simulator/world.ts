import { compose, type Pose } from '../core/geometry.ts';
import { WaybookError } from '../core/errors.ts';
import { bytesOf, hashBytes } from '../core/hash.ts';
import { Random } from '../core/random.ts';
import type { SceneObject } from '../core/scene-object.ts';
import { ArmDrive } from './arm-drive.ts';
import { BASE_FRAME, FINGER_JOINT, TOOL_FRAME, type ArmDescription } from './arm/arm-description.ts';
import { linksOf, type Link } from './arm/arm-links.ts';
import { armUrdf } from './arm/arm-urdf.ts';
import { findArm } from './arm/index.ts';
import { cameraRig, opticalFrame, scaledIntrinsics, type CameraMount } from './cameras/camera-rig.ts';
import { RayCamera, type RayView } from './cameras/ray-camera.ts';
import { spoilDepth, trueMount } from './cameras/sensor-noise.ts';
import { detect } from './detector.ts';
import { judgeGoals } from './goals.ts';
import { Physics } from './mujoco.ts';
import { bodyPose, PhysicsReading } from './physics-reading.ts';
import { addDistractors, addObstacles } from './scene/extras.ts';
import { FLOOR_SLAB, TABLE } from './scene/furniture.ts';
import { mujocoQuat } from './xml.ts';
import { sceneMjcf, TIMESTEP } from './scene/scene-mjcf.ts';
import { SceneBuilder } from './scene/scene-builder.ts';
import type { Thing } from './scene/thing.ts';
import { findTask } from './tasks/index.ts';
import type { Task, TaskInstance } from './tasks/task.ts';
import type {
  GroundTruth,
  World,
  WorldArm,
  WorldBody,
  WorldCamera,
  WorldCloud,
  WorldImage,
  WorldOptions,
  WorldVerdict,
} from './world-api.ts';
import { readOptions, type WorldSetup } from './world-options.ts';
import { packSnapshot, unpackSnapshot } from './snapshot.ts';
import { verdictOf } from './verdict.ts';

/** Things are set down exactly on the table; this is how long contact may settle before time 0 [steps]. */
const SETTLING_STEPS = 100;

/** What a scene is made of, before physics: everything that options decide. */
function layOut(options: WorldOptions) {
  const setup = readOptions(options);
  const task = findTask(setup.scene);
  const arm = findArm(setup.arm);
  const builder = new SceneBuilder(new Random(setup.seed, 'scene', task.name), setup.object);
  const own = task.build(builder);
  addObstacles(builder, setup.obstacles);
  addDistractors(builder, setup.distractors);
  // after everything stands: a goal may speak of a distractor
  const instance =
    setup.goals.length === 0 ? own : { ...own, judge: judgeGoals(setup.goals, builder.things) };
  const things = [FLOOR_SLAB, TABLE, ...builder.things];
  return { setup, task, arm, instance, things, mjcf: sceneMjcf(arm, things, builder.noContact) };
}

/** The model that a world with these options has, for other programs to load. Throws as {@link createWorld} does. */
export const worldMjcf = (options: WorldOptions): string => layOut(options).mjcf;

/**
 * Builds a world. Throws `input/usage` for options that make no sense, `input/reference` for a scene or arm that does
 * not exist, `input/limit` when the table is full.
 */
export async function createWorld(options: WorldOptions): Promise<World & GroundTruth> {
  const { setup, task, arm, instance, things, mjcf } = layOut(options);
  return new PhysicalWorld(setup, arm, task, instance, things, await Physics.compile(mjcf));
}

class PhysicalWorld implements World, GroundTruth {
  readonly scene: string;
  readonly seed: number;
  readonly instruction: string;
  readonly timestep = TIMESTEP;
  readonly arm: WorldArm;
  readonly cameras: readonly WorldCamera[];
  readonly urdf: string;
  readonly #setup: WorldSetup;
  readonly #instance: TaskInstance;
  readonly #things: readonly Thing[];
  readonly #physics: Physics;
  readonly #drive: ArmDrive;
  readonly #reading: PhysicsReading;
  readonly #links: readonly Link[];
  readonly #linkBodies: readonly number[];
  readonly #handTool: Pose;
  readonly #rayCameras = new Map<string, RayCamera>();
  readonly #state: Float64Array;
  /** whether poses and contacts belong to the state as it is */
  #fresh = false;

  constructor(
    setup: WorldSetup,
    arm: ArmDescription,
    task: Task,
    instance: TaskInstance,
    things: readonly Thing[],
    physics: Physics,
  ) {
    this.#setup = setup;
    this.#instance = instance;
    this.#things = things;
    this.#physics = physics;
    this.scene = task.name;
    this.seed = setup.seed;
    this.instruction = instance.instruction;
    this.arm = armFacts(arm);
    this.cameras = cameraRig.map((mount) => ({
      name: mount.name,
      frame: opticalFrame(mount.name),
      intrinsics: mount.intrinsics,
      parentFrame: mount.parent,
      poseInParent: mount.pose,
    }));
    this.urdf = armUrdf(
      arm,
      this.cameras.map((c) => ({ name: c.frame, parent: c.parentFrame, pose: c.poseInParent })),
    );
    this.#drive = new ArmDrive(physics, arm);
    this.#links = linksOf(arm);
    this.#linkBodies = this.#links.map((link) => physics.id('body', link.name));
    this.#handTool = { position: [0, 0, arm.gripper.tool], orientation: [0, 0, 0, 1] };
    this.#reading = new PhysicsReading(physics, arm, things, {
      tool: () => this.#toolPose(),
      opening: () => this.#drive.fingerPosition() / arm.gripper.travel,
    });
    this.#state = new Float64Array(physics.stateSize);
    this.#settle();
  }

  [Symbol.dispose](): void {
    this.#physics[Symbol.dispose]();
  }

  get time(): number {
    return this.#physics.time;
  }

  step(): void {
    this.#drive.advance(TIMESTEP);
    this.#physics.step();
    this.#drive.readForces();
    this.#fresh = false;
  }

  setArmTarget(joints: ArrayLike<number>, velocities?: ArrayLike<number>): void {
    this.#drive.setArm(joints, velocities);
  }

  setGripperTarget(fingerPosition: number, effort: number): void {
    this.#drive.setGripper(fingerPosition, effort);
  }

  armState(position: Float64Array, velocity: Float64Array, effort: Float64Array): void {
    this.#drive.read(position, velocity, effort);
  }

  fingerPosition(): number {
    return this.#drive.fingerPosition();
  }

  fingerVelocity(): number {
    return this.#drive.fingerVelocity();
  }

  fingerEffort(): number {
    return this.#drive.fingerEffort();
  }

  renderCloud(camera: string): WorldCloud {
    const mount = mountOf(camera);
    const { width, height } = mount.intrinsics;
    const { view, rays } = this.#look(mount);
    const depth = view.depth.slice();
    // Time in whole steps, so that noise does not depend on how a sum of steps was rounded.
    const tick = Math.round(this.time / TIMESTEP);
    spoilDepth(depth, view.incidence, width, this.#setup.noise, new Random(this.seed, 'depth', camera, tick));
    const positions = new Float32Array(3 * depth.length);
    for (let i = 0; i < depth.length; i++) {
      const z = depth[i] as number;
      positions[3 * i] = (rays.directions[3 * i] as number) * z;
      positions[3 * i + 1] = (rays.directions[3 * i + 1] as number) * z;
      positions[3 * i + 2] = z;
    }
    return { width, height, positions, colors: view.rgb.slice(), depth };
  }

  renderImage(camera: string, scale = 1): WorldImage {
    const { view, rays } = this.#look(mountOf(camera), scale);
    return { width: rays.intrinsics.width, height: rays.intrinsics.height, rgb: view.rgb.slice() };
  }

  cameraPose(camera: string): Pose {
    this.#upToDate();
    const mount = mountOf(camera);
    return compose(this.#framePose(mount.parent), mount.pose);
  }

  detections(): SceneObject[] {
    this.#upToDate();
    return detect(this.#things, this.#reading, this.#setup.detectionNoise, this.seed);
  }

  grasps(id: string): { pose: Pose; width: number }[] {
    this.#upToDate();
    const thing = this.#things.find((t) => t.id === id || t.labels.some((label) => label.id === id));
    if (thing === undefined) throw new WaybookError('input/reference', `There is no '${id}' in this scene.`);
    const body = this.#reading.pose(thing);
    return (thing.grasps ?? []).map(({ pose, width }) => ({ pose: compose(body, pose), width }));
  }

  linkPoses(): ReadonlyMap<string, Pose> {
    this.#upToDate();
    const poses = new Map<string, Pose>([[BASE_FRAME, { position: [0, 0, 0], orientation: [0, 0, 0, 1] }]]);
    this.#links.forEach((link, i) =>
      poses.set(link.name, bodyPose(this.#physics, this.#linkBodies[i] as number)),
    );
    poses.set(TOOL_FRAME, this.#toolPose());
    for (const camera of this.cameras) poses.set(camera.frame, this.cameraPose(camera.name));
    return poses;
  }

  describeScene(): WorldBody[] {
    this.#upToDate();
    const things = this.#things.map((thing): WorldBody => ({
      name: thing.id,
      kind: thing.motion.kind === 'fixed' ? 'fixture' : 'object',
      geoms: thing.solids.map(({ shape, pose, color }) => ({ shape, pose, color })),
      pose: this.#reading.pose(thing),
    }));
    const links = this.#links.map((link, i): WorldBody => ({
      name: link.name,
      kind: 'robot',
      geoms: link.solids,
      pose: bodyPose(this.#physics, this.#linkBodies[i] as number),
    }));
    return [...things, ...links].sort((a, b) => Number(b.kind === 'fixture') - Number(a.kind === 'fixture'));
  }

  moveObject(id: string, pose: Pose): void {
    const thing = this.#movable(id, (kind) => kind === 'free');
    this.#reading.write(thing, [...pose.position, ...mujocoQuat(pose.orientation)]);
  }

  setTravel(id: string, travel: number): void {
    const thing = this.#movable(id, (kind) => kind === 'slide' || kind === 'hinge');
    const { motion } = thing;
    if (motion.kind !== 'slide' && motion.kind !== 'hinge') return;
    this.#reading.write(thing, [Math.min(motion.upper, Math.max(motion.lower, travel))]);
  }

  stateHash(): string {
    const q = this.#physics.view('qpos');
    const v = this.#physics.view('qvel');
    const all = new Float64Array(1 + q.length + v.length);
    all[0] = this.time;
    all.set(q, 1);
    all.set(v, 1 + q.length);
    return hashBytes(bytesOf(all));
  }

  snapshot(): Uint8Array {
    this.#physics.readState(this.#state);
    return packSnapshot(this.#identity(), this.#state, this.#drive.memory);
  }

  restore(bytes: Uint8Array): void {
    const { state, memory } = unpackSnapshot(
      bytes,
      this.#identity(),
      this.#physics.stateSize,
      this.#drive.memory.length,
    );
    this.#drive.memory.set(memory);
    this.#drive.apply();
    this.#physics.writeState(state);
    this.#reading.invalidate();
    this.#fresh = true;
  }

  taskVerdict(): WorldVerdict {
    this.#upToDate();
    return verdictOf(this.scene, this.#instance.judge(this.#reading));
  }

  #movable(id: string, fits: (kind: Thing['motion']['kind']) => boolean): Thing {
    const thing = this.#things.find((t) => t.id === id);
    if (thing && fits(thing.motion.kind)) return thing;
    const candidates = this.#things.filter((t) => fits(t.motion.kind)).map((t) => t.id);
    throw new WaybookError('input/reference', `'${id}' is not there to be moved.`, {
      hint: `There are: ${candidates.join(', ') || 'none'}.`,
    });
  }

  #settle(): void {
    this.#drive.goHome();
    for (const thing of this.#things)
      if (thing.travel !== undefined) this.#reading.write(thing, [thing.travel]);
    for (let i = 0; i < SETTLING_STEPS; i++) this.#physics.step();
    this.#physics.readState(this.#state);
    // The state begins with the time.
    this.#state[0] = 0;
    this.#physics.writeState(this.#state);
    this.#drive.readForces();
    this.#reading.invalidate();
  }

  /**
   * Poses and contacts of a step are those before it moved: brings them up to the state that everybody sees. Changes
   * nothing that later steps depend on.
   */
  #upToDate(): void {
    if (this.#fresh) return;
    this.#physics.forward();
    this.#reading.invalidate();
    this.#fresh = true;
  }

  #toolPose(): Pose {
    const hand = this.#linkBodies[this.#links.findIndex((link) => link.name === 'hand')] as number;
    return compose(bodyPose(this.#physics, hand), this.#handTool);
  }

  #framePose(link: string): Pose {
    if (link === BASE_FRAME) return { position: [0, 0, 0], orientation: [0, 0, 0, 1] };
    const index = this.#links.findIndex((l) => l.name === link);
    const body = this.#linkBodies[index];
    if (body === undefined) throw new RangeError(`World: no link named '${link}'`);
    return bodyPose(this.#physics, body);
  }

  #look(mount: CameraMount, scale = 1): { view: RayView; rays: RayCamera } {
    this.#upToDate();
    const key = `${mount.name}×${scale}`;
    let rays = this.#rayCameras.get(key);
    if (rays === undefined) {
      rays = new RayCamera(scaledIntrinsics(mount.intrinsics, scale));
      this.#rayCameras.set(key, rays);
    }
    const truth = trueMount(mount.pose, this.#setup.noise, this.seed, mount.name);
    return { view: rays.look(this.#physics, compose(this.#framePose(mount.parent), truth)), rays };
  }

  #identity(): string {
    const { scene, seed, distractors, obstacles, object } = this.#setup;
    return JSON.stringify([this.scene, scene, seed, distractors, obstacles, object, this.arm.name]);
  }
}

function mountOf(camera: string): CameraMount {
  const mount = cameraRig.find((m) => m.name === camera);
  if (mount) return mount;
  throw new WaybookError('input/reference', `There is no camera named '${camera}'.`, {
    hint: `Cameras: ${cameraRig.map((m) => m.name).join(', ')}.`,
  });
}

function armFacts(arm: ArmDescription): WorldArm {
  const { gripper } = arm;
  return {
    name: arm.name,
    joints: arm.joints.map((joint) => joint.name),
    limits: arm.joints.map(({ lower, upper, velocity, acceleration, effort }) => ({
      lower,
      upper,
      velocity,
      acceleration,
      effort,
    })),
    home: arm.home,
    gripper: {
      joint: FINGER_JOINT,
      open: gripper.travel,
      width: 2 * gripper.travel,
      speed: gripper.speed,
      maxEffort: gripper.maxEffort,
    },
  };
}
