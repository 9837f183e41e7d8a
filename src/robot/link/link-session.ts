import type { WaybookError } from '../../core/errors.ts';
import type { RobotProfile } from '../../core/robot-profile.ts';
import type { RobotState } from '../../core/robot-state.ts';
import { FOLLOW_JOINT_TRAJECTORY } from '../protocol/trajectory-messages.ts';
import { typeIn } from '../protocol/ros-time.ts';
import { FrameSocket } from '../socket/frame-socket.ts';
import type { ActionPort } from './action-port.ts';
import { detectInterface } from './flavour.ts';
import type { Interface } from './flavour.ts';
import { checkInterface, gripperActionType } from './interface-check.ts';
import type { InterfaceProblem } from './interface-check.ts';
import { JointNames } from './joint-names.ts';
import { JointTracker } from './joint-tracker.ts';
import type { LinkClock } from './link-clock.ts';
import { LockStepClock } from './lock-step-clock.ts';
import { Ros1Action } from './ros1-action.ts';
import { Ros2Action } from './ros2-action.ts';
import { RobotStatus } from './robot-status.ts';
import { RosbridgeClient } from './rosbridge-client.ts';
import { TfBuffer } from './tf-buffer.ts';
import { WallClock } from './wall-clock.ts';

const MIB = 1024 * 1024;
const CONTROL_PAYLOAD = 8 * MIB;
const DATA_PAYLOAD = 128 * MIB;
/** A goal of 10,000 samples is about 4 MB of JSON. */
const CONTROL_BUFFER = 16 * MIB;

export interface SessionSettings {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** PEM of the only authority to believe */
  readonly ca?: string;
  /** names the commander; shared by the link's sockets */
  readonly session: string;
  readonly clock: 'wall' | 'lock-step';
  readonly onProblem: (error: WaybookError) => void;
  /** says more about a loss than a socket can */
  readonly explainLoss?: (message: string) => WaybookError;
}

/**
 * One connection's worth of a link: its sockets, and what hangs on them. Made anew after a loss, so that nothing of an
 * earlier connection can be taken for this one's.
 */
export class LinkSession {
  readonly profile: RobotProfile;
  readonly control: RosbridgeClient;
  readonly data: RosbridgeClient;
  /** carries nothing but stops */
  readonly stopper: RosbridgeClient;
  readonly clock: LinkClock;
  readonly joints: JointTracker;
  readonly names: JointNames;
  readonly status: RobotStatus;
  readonly tf = new TfBuffer();
  readonly found: Interface;
  readonly problems: readonly InterfaceProblem[];
  readonly trajectory: ActionPort;
  readonly gripper: ActionPort | undefined;
  /** `performance.now()` of the newest joint state */
  stateReceivedAt = Number.NEGATIVE_INFINITY;
  readonly #stateListeners = new Set<(state: RobotState) => void>();
  readonly #lost: AbortController;

  static async open(
    profile: RobotProfile,
    settings: SessionSettings,
    signal: AbortSignal,
  ): Promise<LinkSession> {
    const clients: RosbridgeClient[] = [];
    const open = async (role: 'control' | 'data', maxPayload: number): Promise<RosbridgeClient> => {
      const socket = await FrameSocket.open(
        {
          url: urlFor(profile, settings, role),
          maxPayload,
          maxBuffered: CONTROL_BUFFER,
          ...(settings.headers ? { headers: settings.headers } : {}),
          ...(settings.ca === undefined ? {} : { ca: settings.ca }),
          ...(settings.explainLoss ? { explainLoss: settings.explainLoss } : {}),
        },
        signal,
      );
      const client = new RosbridgeClient(socket, settings.session, settings.onProblem);
      clients.push(client);
      return client;
    };
    try {
      const control = await open('control', CONTROL_PAYLOAD);
      const data = await open('data', DATA_PAYLOAD);
      const stopper = await open('data', CONTROL_PAYLOAD);
      const found = await detectInterface(control, profile, signal);
      const problems = await checkInterface(control, profile, found, signal);
      return new LinkSession(profile, settings.clock, { control, data, stopper }, found, problems);
    } catch (error) {
      for (const client of clients) client.close();
      throw error;
    }
  }

  private constructor(
    profile: RobotProfile,
    clock: 'wall' | 'lock-step',
    clients: { control: RosbridgeClient; data: RosbridgeClient; stopper: RosbridgeClient },
    found: Interface,
    problems: readonly InterfaceProblem[],
  ) {
    this.profile = profile;
    this.control = clients.control;
    this.data = clients.data;
    this.stopper = clients.stopper;
    this.found = found;
    this.problems = problems;
    this.#lost = new AbortController();
    this.clock =
      clock === 'lock-step'
        ? new LockStepClock(this.control, this.data, this.#lost.signal)
        : new WallClock(this.#lost.signal);
    this.joints = new JointTracker(profile);
    this.names = new JointNames(profile);
    this.status = new RobotStatus(profile);
    const port = (action: string, type: string): ActionPort =>
      found.flavour === 'ros2'
        ? new Ros2Action(this.control, action, type)
        : new Ros1Action(this.control, action, type);
    this.trajectory = port(profile.trajectoryAction, FOLLOW_JOINT_TRAJECTORY);
    this.gripper = profile.gripper && port(profile.gripper.action, gripperActionType(profile.gripper.type));
    for (const client of Object.values(clients)) client.onClosed((reason) => this.close(reason));
    this.control.subscribe(
      profile.topics.jointStates,
      { type: this.type('sensor_msgs/msg/JointState') },
      (msg) => {
        const state = this.joints.add(msg);
        if (!state) return;
        this.stateReceivedAt = performance.now();
        for (const listener of [...this.#stateListeners]) listener(state);
      },
    );
    const { speedScaling, robotModes } = profile;
    if (speedScaling) {
      this.control.subscribe(speedScaling.topic, { type: this.type('std_msgs/msg/Float64') }, (msg) =>
        this.status.addScaling(msg),
      );
    }
    robotModes?.forEach(({ topic, type }, index) => {
      this.control.subscribe(topic, { type: this.type(type) }, (msg) => this.status.addMode(index, msg));
    });
    this.data.subscribe('/tf_static', { type: this.type('tf2_msgs/msg/TFMessage') }, (msg) =>
      this.tf.add(msg, true),
    );
  }

  /** A ROS 2 type's name as this robot's flavour spells it. */
  type(name: string): string {
    return typeIn(name, this.found.flavour);
  }

  get isOpen(): boolean {
    return !this.#lost.signal.aborted;
  }

  /** Aborts, with the reason, when any socket of this session is gone. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** What is stamped later than this is measured after this call [s of robot time]. */
  newestStamp(): number {
    return this.clock.lockStep ? this.clock.now() : (this.joints.latest?.stamp ?? this.clock.now());
  }

  onState(listener: (state: RobotState) => void): () => void {
    this.#stateListeners.add(listener);
    return () => void this.#stateListeners.delete(listener);
  }

  /** Closes every socket; half a link is none. */
  close(reason: WaybookError): void {
    if (this.#lost.signal.aborted) return;
    this.#lost.abort(reason);
    for (const client of [this.control, this.data, this.stopper]) client.close(reason);
  }
}

/** The simulator learns from the URL which sockets belong to one commander; other bridges get their URL as it is. */
function urlFor(profile: RobotProfile, settings: SessionSettings, role: 'control' | 'data'): string {
  if (profile.kind !== 'simulator') return settings.url;
  const url = new URL(settings.url);
  url.searchParams.set('session', settings.session);
  url.searchParams.set('role', role);
  return url.toString();
}
