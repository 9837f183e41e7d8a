import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Capture } from '../core/capture.ts';
import type { Pose } from '../core/geometry.ts';
import type { Provenance } from '../core/provenance.ts';
import type { RobotState } from '../core/robot-state.ts';
import { toBase64, type SidecarWriter } from '../core/scene-buffer.ts';
import type { Scene } from '../core/scene.ts';
import { cloudMessage, nanosecondsOf, posesMessage, timeOf, toolPoses } from './foxglove-messages.ts';
import { McapFile } from './mcap/mcap-file.ts';
import { CHANNELS, type ChannelName } from './record-channels.ts';
import type {
  IndexedOutput,
  MotionRecord,
  AttemptRecord,
  PlanRecord,
  RefinedRecord,
  RunEnd,
  RunIndex,
} from './record-types.ts';
import { redact, redactText } from './redact.ts';
import {
  INDEX_FILE,
  makeRunFolder,
  previewName,
  pruneRuns,
  RECORD_FILE,
  writeAtomically,
} from './run-folder.ts';
import { previewJson, sidecarsOf } from './scene-preview.ts';

/** A kill loses what came after the last flush: half a second at most is promised, a fifth is aimed at. */
const FLUSH_MS = 200;
/** Poses of a path in its foxglove message; the whole trajectory is in its own. */
const PATH_POSES = 400;
export const DEFAULT_KEEP = 20;
const DEFAULT_RECORD_LIMIT_BYTES = 512 * 1024 * 1024;

export interface RunRecordOptions {
  readonly runsFolder: string;
  /** base name of the notebook */
  readonly notebook: string;
  /** joint names of the arm, in the order of robot states; generic ones where absent */
  readonly jointNames?: readonly string[];
  readonly now?: Date;
  /** how many runs stay in the folder beside this one */
  readonly keep?: number;
  /** clouds, images and joint states are left out of the record once it has this size */
  readonly limitBytes?: number;
  /** version of Waybook */
  readonly version: string;
}

/**
 * Writes what one run does into its folder, as it happens: `run.mcap`, `index.json`, previews and sidecars. Calls
 * return at once and keep their order. Everything is redacted on its way; no wall time goes into the MCAP. Whoever
 * opened it must call {@link RunRecord.end}, or `close` where the run never began.
 */
export class RunRecord implements Disposable {
  /** name of the run's folder inside the runs folder */
  readonly name: string;
  readonly folder: string;
  readonly sidecar: SidecarWriter;

  private readonly options: RunRecordOptions;
  private readonly file: McapFile;
  private readonly handle: number;
  private readonly timer: NodeJS.Timeout;
  private readonly channels = new Map<ChannelName, number>();
  private readonly sequences = new Map<ChannelName, number>();
  private readonly encoder = new TextEncoder();
  private index: RunIndex;
  private jointNames: readonly string[];
  private lastFlush = performance.now();
  private lastStamp = 0;
  private full = false;
  private closed = false;

  /** Makes the run's folder, with an index that says `running`. Throws what the file system throws. */
  constructor(options: RunRecordOptions) {
    this.options = options;
    const now = options.now ?? new Date();
    this.name = makeRunFolder(options.runsFolder, now);
    this.folder = join(options.runsFolder, this.name);
    this.jointNames = options.jointNames ?? [];
    this.handle = openSync(join(this.folder, RECORD_FILE), 'wx');
    this.file = new McapFile({ write: (bytes) => this.append(bytes) }, `waybook ${options.version}`);
    this.index = {
      version: 1,
      run: this.name,
      notebook: redactText(options.notebook),
      started: now.toISOString(),
      state: 'running',
      cells: {},
    };
    this.saveIndex();
    this.sidecar = (sha256, bytes) => {
      const path = `${sha256}.bin`;
      const target = join(this.folder, path);
      if (!existsSync(target)) writeAtomically(target, bytes);
      return path;
    };
    this.timer = setInterval(() => this.flush(), FLUSH_MS);
    this.timer.unref();
  }

  /** `text` is the notebook as it ran, redacted; it is kept as an attachment, so that the run can be verified. */
  begin(provenance: Provenance, text?: string): void {
    const clean = redact(provenance) as Provenance;
    this.write('provenance', 0, { notebook: this.index.notebook, provenance: clean });
    if (text !== undefined)
      this.file.attach('notebook.waybook.md', 'text/markdown', 0n, this.encoder.encode(redactText(text)));
    this.index = { ...this.index, provenance: clean };
    this.saveIndex();
    this.flush();
  }

  /** Names for the joints of the states to come. */
  useJointNames(names: readonly string[]): void {
    this.jointNames = names;
  }

  capture(cell: string, capture: Capture): void {
    const { cloud, objects, source, hash, rawCount, cameraPose, intrinsics, robot } = capture;
    const stamp = cloud.stamp;
    this.write('capture', stamp, {
      cell,
      source,
      hash,
      count: cloud.count,
      rawCount,
      objects,
      cameraPose,
      intrinsics,
      robot,
    });
    if (this.hasRoom(stamp)) this.write('cloud', stamp, cloudMessage(cloud), true);
    if (cameraPose) this.transform(stamp, `camera:${source}`, cameraPose);
    this.flush();
  }

  /** A picture as the camera sent it; what is neither PNG nor JPEG is left out, since no viewer would show it. */
  image(stamp: number, camera: string, bytes: Uint8Array): void {
    const format = imageFormat(bytes);
    if (format === undefined || !this.hasRoom(stamp)) return;
    const message = { timestamp: timeOf(stamp), frame_id: `camera:${camera}`, data: toBase64(bytes), format };
    this.write('image', stamp, message, true);
  }

  plan(cell: string, plan: PlanRecord): void {
    const { attempts, ...rest } = plan;
    const { provider, model, promptHash, steps, waypoints, summary, viewpoint } = rest;
    this.write('plan', this.lastStamp, {
      cell,
      provider,
      model,
      promptHash,
      steps,
      waypoints,
      summary,
      viewpoint,
    });
    this.attempts(cell, provider, attempts);
  }

  /** What a planner answered, time after time; of one that gave up, this is all there is. */
  attempts(cell: string, provider: string, attempts: readonly AttemptRecord[]): void {
    attempts.forEach(({ raw, problems }, attempt) =>
      this.write('attempt', this.lastStamp, { cell, provider, attempt, raw, problems }),
    );
  }

  refined(cell: string, refined: RefinedRecord): void {
    const {
      trajectory: t,
      waypoints,
      refinedWaypoints,
      refiner,
      instead,
      trajectoryHash,
      speed,
      clearance,
    } = refined;
    const stamp = this.lastStamp;
    this.write('waypoints', stamp, {
      cell,
      asked: waypoints,
      refined: refinedWaypoints,
      refiner,
      ...(instead ? { instead } : {}),
    });
    this.write('waypointPoses', stamp, posesMessage(stamp, refinedWaypoints));
    this.write('trajectory', stamp, {
      cell,
      hash: trajectoryHash,
      speed,
      ...(clearance === undefined || !Number.isFinite(clearance) ? {} : { clearance }),
      jointNames: t.jointNames,
      times: Array.from(t.times),
      joints: Array.from(t.joints),
      velocities: Array.from(t.velocities),
      tool: Array.from(t.tool),
      gripper: Array.from(t.gripper),
      segments: t.segments,
      waypointSamples: t.waypointSamples,
    });
    this.write('path', stamp, posesMessage(stamp, toolPoses(t, PATH_POSES)));
    this.jointNames = t.jointNames;
    this.flush();
  }

  motion(cell: string, motion: MotionRecord): void {
    const { phase, trajectoryHash, jointNames, note } = motion;
    const times = Array.from(motion.times);
    const joints = Array.from(motion.joints);
    this.write('motion', this.lastStamp, { cell, phase, trajectoryHash, jointNames, times, joints, note });
  }

  /** Every state, at full rate. */
  state(state: RobotState): void {
    if (!this.hasRoom(state.stamp)) return;
    const joints = state.joints.map((position, i) => ({
      name: this.jointNames[i] ?? `joint${i + 1}`,
      position,
      velocity: state.velocities[i] ?? 0,
    }));
    this.write('joints', state.stamp, { timestamp: timeOf(state.stamp), joints }, true);
    this.write('gripper', state.stamp, { stamp: state.stamp, opening: state.gripper }, true);
  }

  /** Where a frame stands in base. */
  transform(stamp: number, child: string, pose: Pose): void {
    const [x, y, z] = pose.position;
    const [qx, qy, qz, qw] = pose.orientation;
    const transform = {
      timestamp: timeOf(stamp),
      parent_frame_id: 'base',
      child_frame_id: child,
      translation: { x, y, z },
      rotation: { x: qx, y: qy, z: qz, w: qw },
    };
    this.write('tf', stamp, { transforms: [transform] });
  }

  event(stamp: number, cell: string, text: string, data?: Readonly<Record<string, unknown>>): void {
    this.write('event', stamp, { stamp, cell, text, data });
    const level = /\b(failed|fault|lost|refused|error)\b/i.test(text) ? 4 : 2;
    this.write('log', stamp, {
      timestamp: timeOf(stamp),
      level,
      message: text,
      name: cell,
      file: '',
      line: 0,
    });
    // Events stand where a phase begins or ends: what computes next may keep the timer from running.
    this.flush();
  }

  /** A cell's output: its preview beside the record, its key in `index.json`. */
  output(cell: string, key: string, scene: Scene, summary: string): void {
    const preview = previewName(cell);
    const json = previewJson(redact(scene) as Scene);
    writeAtomically(join(this.folder, preview), json);
    const ok = scene.verdict.ok;
    const entry: IndexedOutput = {
      key,
      ...(scene.provenance ? { epoch: scene.provenance.epoch } : {}),
      summary: redactText(summary),
      ok,
      preview,
      sidecars: sidecarsOf(scene),
      stamp: this.lastStamp,
    };
    this.write('output', this.lastStamp, { cell, key, summary, ok, preview });
    this.index = { ...this.index, cells: { ...this.index.cells, [cell]: entry } };
    this.saveIndex();
    this.flush();
  }

  /** Writes the ending and the summary of the MCAP, and removes old runs. */
  end(end: RunEnd): void {
    if (this.closed) return;
    const clean = redact(end) as RunEnd;
    this.write('end', this.lastStamp, clean);
    this.close();
    this.index = { ...this.index, state: end.outcome, ended: new Date().toISOString(), end: clean };
    this.saveIndex();
    pruneRuns(this.options.runsFolder, this.options.keep ?? DEFAULT_KEEP, this.name);
  }

  /** Writes what is waiting. Called by itself every fifth of a second. */
  flush(): void {
    this.lastFlush = performance.now();
    if (!this.closed) this.file.flush();
  }

  close(): void {
    if (this.closed) return;
    clearInterval(this.timer);
    this.file.finish();
    this.closed = true;
    closeSync(this.handle);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Clouds and states stop at the size limit; what is small and explains the run goes on. */
  private hasRoom(stamp: number): boolean {
    const limit = this.options.limitBytes ?? DEFAULT_RECORD_LIMIT_BYTES;
    if (this.file.size < limit) return true;
    if (!this.full) {
      this.full = true;
      const text = `The record has reached its limit of ${Math.round(limit / 1048576)} MB: clouds, images and joint states are left out from here.`;
      this.event(stamp, '', text);
    }
    return false;
  }

  private write(channel: ChannelName, stamp: number, message: object, clean = false): void {
    if (this.closed) return;
    let id = this.channels.get(channel);
    if (id === undefined) {
      const { topic, name, schema } = CHANNELS[channel];
      id = this.file.addJsonChannel(topic, name, schema);
      this.channels.set(channel, id);
    }
    const sequence = this.sequences.get(channel) ?? 0;
    this.sequences.set(channel, sequence + 1);
    if (Number.isFinite(stamp)) this.lastStamp = Math.max(this.lastStamp, stamp);
    const json = JSON.stringify(clean ? message : redact(message));
    this.file.add(id, sequence, nanosecondsOf(stamp), this.encoder.encode(json));
    // A busy loop starves the timer; what it writes still reaches the file.
    if (performance.now() - this.lastFlush > FLUSH_MS) this.flush();
  }

  private append(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) at += writeSync(this.handle, bytes, at);
  }

  private saveIndex(): void {
    writeAtomically(join(this.folder, INDEX_FILE), `${JSON.stringify(this.index, null, 2)}\n`);
  }
}

/** By the first bytes: what robots say of the format is free text. */
function imageFormat(bytes: Uint8Array): 'png' | 'jpeg' | undefined {
  if (bytes[0] === 0x89 && bytes[1] === 0x50 && bytes[2] === 0x4e && bytes[3] === 0x47) return 'png';
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff ? 'jpeg' : undefined;
}
