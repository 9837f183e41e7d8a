import { readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { CameraIntrinsics } from '../core/capture.ts';
import { WaybookError } from '../core/errors.ts';
import type { Pose } from '../core/geometry.ts';
import type { PointCloud } from '../core/point-cloud.ts';
import type { Provenance } from '../core/provenance.ts';
import type { RobotState } from '../core/robot-state.ts';
import type { SceneObject } from '../core/scene-object.ts';
import type { Trajectory, TrajectorySegment } from '../core/trajectory.ts';
import type { Waypoint } from '../core/waypoint.ts';
import { cloudOf, type CloudMessage } from './foxglove-messages.ts';
import { CHANNELS } from './record-channels.ts';
import { type McapContents, readMcap } from './mcap/read-mcap.ts';
import type { AttemptRecord, MotionRecord, PlanRecord, RunEnd } from './record-types.ts';
import { RECORD_FILE } from './run-folder.ts';

/** A larger file is not read into memory at once. */
const RECORD_LIMIT_BYTES = 1024 * 1024 * 1024;

export interface RecordedCapture {
  readonly cell: string;
  /** s */
  readonly stamp: number;
  readonly source: string;
  readonly hash: string;
  readonly rawCount: number;
  readonly objects: readonly SceneObject[];
  readonly cameraPose?: Pose;
  readonly intrinsics?: CameraIntrinsics;
  readonly robot?: RobotState;
  /** absent where the record was full */
  readonly cloud?: PointCloud;
}

export interface RecordedTrajectory {
  readonly cell: string;
  readonly stamp: number;
  readonly hash: string;
  readonly speed: number;
  /** m */
  readonly clearance?: number;
  readonly trajectory: Trajectory;
}

export interface RecordedEvent {
  readonly stamp: number;
  readonly cell: string;
  readonly text: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** A plan; its attempts stand beside it. */
export type RecordedPlan = Omit<PlanRecord, 'attempts'> & { readonly cell: string };

export interface RecordedAttempt extends AttemptRecord {
  readonly cell: string;
  readonly provider: string;
  /** from 0 */
  readonly attempt: number;
}

/** Everything that a record holds, in the order in which it was written. */
export interface RecordContents {
  readonly name: string;
  readonly notebook?: string;
  /** the notebook as it ran */
  readonly notebookText?: string;
  readonly provenance?: Provenance;
  readonly captures: readonly RecordedCapture[];
  readonly plans: readonly RecordedPlan[];
  /** every answer of a planner, also of one that gave up */
  readonly attempts: readonly RecordedAttempt[];
  readonly waypoints: readonly {
    readonly cell: string;
    readonly asked: readonly Waypoint[];
    readonly refined: readonly Waypoint[];
    readonly refiner: string;
    /** where the default could not be used: which it was, and why */
    readonly instead?: { readonly of: string; readonly why: string };
  }[];
  readonly trajectories: readonly RecordedTrajectory[];
  readonly motions: readonly (MotionRecord & { readonly cell: string })[];
  /** at full rate; the gripper's opening is the last one told before */
  readonly states: readonly RobotState[];
  readonly jointNames: readonly string[];
  readonly events: readonly RecordedEvent[];
  readonly outputs: readonly {
    readonly cell: string;
    readonly key: string;
    readonly summary: string;
    readonly ok: boolean;
  }[];
  /** absent where the run was killed */
  readonly end?: RunEnd;
  /** false where the file's end is missing; everything up to its last flush is here */
  readonly complete: boolean;
}

/**
 * Reads a record: a run's folder, or an MCAP file. Throws `input/file` where there is none, `input/format` where it is
 * no record of ours, `input/limit` where it is too large.
 */
export function readRecord(path: string): RecordContents {
  let file = path;
  let bytes: Uint8Array;
  try {
    if (statSync(path).isDirectory()) file = join(path, RECORD_FILE);
    if (statSync(file).size > RECORD_LIMIT_BYTES) {
      throw new WaybookError(
        'input/limit',
        `${basename(file)} is larger than ${RECORD_LIMIT_BYTES / 1048576} MB.`,
      );
    }
    bytes = readFileSync(file);
  } catch (cause) {
    if (cause instanceof WaybookError) throw cause;
    throw new WaybookError('input/file', `There is no record at ${path}.`, {
      cause,
      hint: 'Name a run folder or an .mcap file.',
    });
  }
  return parseRecord(bytes, basename(file) === RECORD_FILE ? basename(join(file, '..')) : basename(file));
}

/** {@link readRecord}, of bytes. */
export function parseRecord(bytes: Uint8Array, name: string): RecordContents {
  const contents = readMcap(bytes, name);
  try {
    return interpret(contents, name);
  } catch (cause) {
    if (cause instanceof WaybookError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WaybookError('input/format', `${name} is not a run record of Waybook: ${reason}.`, { cause });
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
/** A message of one of our channels. Its schema is known; a record from elsewhere fails on first use and is refused. */
type Message = Record<string, never>;

function interpret({ messages, attachments, complete }: McapContents, name: string): RecordContents {
  const captures: Mutable<RecordedCapture>[] = [];
  const plans: RecordedPlan[] = [];
  const attempts: RecordedAttempt[] = [];
  const waypoints: RecordContents['waypoints'][number][] = [];
  const trajectories: RecordedTrajectory[] = [];
  const motions: RecordContents['motions'][number][] = [];
  const states: Mutable<RobotState>[] = [];
  const events: RecordedEvent[] = [];
  const outputs: RecordContents['outputs'][number][] = [];
  let jointNames: string[] = [];
  let gripper = 0;
  let notebook: string | undefined;
  let provenance: Provenance | undefined;
  let end: RunEnd | undefined;
  const decoder = new TextDecoder();

  for (const { topic, logTime, data } of messages) {
    const stamp = Number(logTime) / 1e9;
    const read = (): Message => JSON.parse(decoder.decode(data)) as Message;
    switch (topic) {
      case CHANNELS.provenance.topic:
        ({ notebook, provenance } = read() as unknown as { notebook: string; provenance: Provenance });
        break;
      case CHANNELS.capture.topic:
        captures.push({ ...(read() as unknown as RecordedCapture), stamp });
        break;
      case CHANNELS.cloud.topic: {
        const capture = captures.at(-1);
        if (capture) capture.cloud = cloudOf(read() as unknown as CloudMessage);
        break;
      }
      case CHANNELS.plan.topic:
        plans.push(read() as unknown as RecordedPlan);
        break;
      case CHANNELS.attempt.topic:
        attempts.push(read() as unknown as RecordedAttempt);
        break;
      case CHANNELS.waypoints.topic:
        waypoints.push(read() as unknown as RecordContents['waypoints'][number]);
        break;
      case CHANNELS.trajectory.topic:
        trajectories.push(trajectoryOf(read() as unknown as TrajectoryMessage, stamp));
        break;
      case CHANNELS.motion.topic:
        motions.push(read() as unknown as RecordContents['motions'][number]);
        break;
      case CHANNELS.joints.topic: {
        const { joints } = read() as unknown as {
          joints: { name: string; position: number; velocity?: number }[];
        };
        jointNames = joints.map((joint) => joint.name);
        states.push({
          stamp,
          joints: joints.map((j) => j.position),
          velocities: joints.map((j) => j.velocity ?? 0),
          gripper,
        });
        break;
      }
      case CHANNELS.gripper.topic: {
        const told = read() as unknown as { stamp: number; opening: number };
        gripper = told.opening;
        const last = states.at(-1);
        // Written right after the joints of the same state, with the exact stamp, which nanoseconds round.
        if (last && Math.abs(last.stamp - told.stamp) < 1e-8) {
          last.gripper = gripper;
          last.stamp = told.stamp;
        }
        break;
      }
      case CHANNELS.event.topic:
        events.push(read() as unknown as RecordedEvent);
        break;
      case CHANNELS.output.topic:
        outputs.push(read() as unknown as RecordContents['outputs'][number]);
        break;
      case CHANNELS.end.topic:
        end = read() as unknown as RunEnd;
        break;
      default:
        break;
    }
  }
  const text = attachments.find((a) => a.name === 'notebook.waybook.md');
  return {
    name,
    ...(notebook === undefined ? {} : { notebook }),
    ...(text ? { notebookText: decoder.decode(text.data) } : {}),
    ...(provenance ? { provenance } : {}),
    captures,
    plans,
    attempts,
    waypoints,
    trajectories,
    motions,
    states,
    jointNames,
    events,
    outputs,
    ...(end ? { end } : {}),
    complete,
  };
}

interface TrajectoryMessage {
  readonly cell: string;
  readonly hash: string;
  readonly speed: number;
  readonly clearance?: number;
  readonly jointNames: readonly string[];
  readonly times: readonly number[];
  readonly joints: readonly number[];
  readonly velocities: readonly number[];
  readonly tool: readonly number[];
  readonly gripper: readonly number[];
  readonly segments: readonly TrajectorySegment[];
  readonly waypointSamples: readonly number[];
}

function trajectoryOf(message: TrajectoryMessage, stamp: number): RecordedTrajectory {
  const { cell, hash, speed, clearance, jointNames, segments, waypointSamples } = message;
  return {
    cell,
    stamp,
    hash,
    speed,
    ...(clearance === undefined ? {} : { clearance }),
    trajectory: {
      jointNames,
      times: Float64Array.from(message.times),
      joints: Float64Array.from(message.joints),
      velocities: Float64Array.from(message.velocities),
      tool: Float64Array.from(message.tool),
      gripper: Float64Array.from(message.gripper),
      segments,
      waypointSamples,
    },
  };
}
