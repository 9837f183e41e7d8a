import { randomUUID } from 'node:crypto';
import { WaybookError } from '../../core/errors.ts';
import type { RobotProfile } from '../../core/robot-profile.ts';
import { loadRobotModel } from '../../kinematics/load-robot-model.ts';
import type { RobotModel } from '../../kinematics/robot-model.ts';
import { plannerFor, type PlannerSettings } from '../../planning/planner-for.ts';
import type { LmPort } from '../../planning/vlm/model-port.ts';
import { refinerFor } from '../../refinement/refiner-for.ts';
import type { RefinerId } from '../../refinement/refiner.ts';
import { connectRobot } from '../../robot/link/connect-robot.ts';
import { SelfCollision } from '../../robot/gate/self-collision.ts';
import { LockStepClock } from '../../robot/link/lock-step-clock.ts';
import { parseRobotProfile } from '../../robot/profiles/parse-robot-profile.ts';
import type { RobotLink } from '../../robot/robot-link.ts';
import { describeUrl } from '../../robot/socket/connect-errors.ts';
import { spawnSimulator } from '../../robot/simulator/spawn-simulator.ts';
import { DEFAULT_PLANNER, DEFAULT_REFINER } from './key-environment.ts';
import { type RobotAddress, sceneOf } from './robot-address.ts';
import type { OpenWorldOptions, SessionServices, World } from './services.ts';
import type { SessionConfiguration } from './session-api.ts';

const REFINERS: readonly RefinerId[] = ['spline', 'snap', 'expert'];

export interface DefaultServicesOptions {
  /** machine settings: endpoints and credentials; absent on the command line without a user config */
  readonly configuration?: () => SessionConfiguration | undefined;
  /** the editor's language models, where there is an editor */
  readonly lm?: LmPort;
  /** `dist/simulator.mjs` elsewhere than beside the running bundle, in tests */
  readonly simulatorBundle?: string;
}

/** The services of a real session: child processes, sockets, the planners and refiners that ship. */
export function defaultServices(options: DefaultServicesOptions = {}): SessionServices {
  return {
    openWorld: (address, open, signal) =>
      address.kind === 'simulator'
        ? openSimulator(address, open, options, signal)
        : openRobot(address, options.configuration?.(), signal),
    planner: (id, reach) =>
      plannerFor(id, { ...plannerSettings(options.configuration?.(), options.lm), reachProblems: reach }),
    refiner: (id) => {
      const known = REFINERS.find((name) => name === id);
      if (known) return refinerFor(known);
      throw new WaybookError('input/refiner', `There is no refiner "${id}".`, {
        hint: `There are ${REFINERS.join(', ')}.`,
      });
    },
    trusted: () => options.configuration?.()?.trusted ?? true,
    limits: () => options.configuration?.()?.limits,
    defaultPlanner: DEFAULT_PLANNER,
    defaultRefiner: DEFAULT_REFINER,
  };
}

async function openSimulator(
  address: Extract<RobotAddress, { kind: 'simulator' }>,
  open: OpenWorldOptions,
  options: DefaultServicesOptions,
  signal: AbortSignal,
): Promise<World> {
  const simulator = await spawnSimulator(
    {
      scene: sceneOf(address),
      seed: address.seed,
      lockStep: true,
      ...(options.simulatorBundle === undefined ? {} : { bundle: options.simulatorBundle }),
    },
    signal,
  );
  try {
    const { link } = simulator;
    const model = await modelOf(link, link.profile);
    const selfCollision = await SelfCollision.load(model);
    const { clock } = link;
    const paced = clock instanceof LockStepClock ? clock : undefined;
    const pausable = paced && {
      pause: () => paced.pause(),
      resume: () => paced.resume(),
      setPace: (pace: number) => paced.setPace(pace > 0 ? pace : Number.POSITIVE_INFINITY),
    };
    pausable?.setPace(open.pace ?? 0);
    return {
      address,
      link,
      model,
      endpoint: 'the built-in simulator',
      selfCollision,
      simulator: link.simulator,
      ...(pausable ? { pausable } : {}),
      async [Symbol.asyncDispose]() {
        selfCollision[Symbol.dispose]();
        model[Symbol.dispose]();
        await simulator.dispose();
      },
    };
  } catch (error) {
    await simulator.dispose();
    throw error;
  }
}

/** A robot by the name of its profile. A bare URL is no profile: nothing would say what the robot must never do. */
async function openRobot(
  address: Exclude<RobotAddress, { kind: 'simulator' }>,
  configuration: SessionConfiguration | undefined,
  signal: AbortSignal,
): Promise<World> {
  const endpoint = address.kind === 'profile' ? configuration?.robots[address.name] : undefined;
  if (!endpoint) {
    const known = Object.keys(configuration?.robots ?? {});
    throw new WaybookError(
      'input/reference',
      address.kind === 'profile'
        ? `There is no robot profile "${address.name}".`
        : 'A URL alone does not say what robot it is.',
      {
        hint:
          known.length > 0
            ? `There are ${known.join(', ')}.`
            : 'Add one with Add Robot in VS Code, or to the user configuration.',
      },
    );
  }
  const profile = parseRobotProfile(endpoint.profile, address.kind === 'profile' ? address.name : '');
  const link = await connectRobot(
    profile,
    {
      url: endpoint.url,
      session: randomUUID(),
      clock: 'wall',
      reconnect: true,
      ...(endpoint.ca === undefined ? {} : { ca: endpoint.ca }),
      ...(endpoint.token === undefined ? {} : { headers: { Authorization: `Bearer ${endpoint.token}` } }),
    },
    signal,
  );
  try {
    const model = await modelOf(link, profile);
    const selfCollision = await SelfCollision.load(model);
    return {
      address,
      link,
      model,
      endpoint: describeUrl(endpoint.url),
      selfCollision,
      async [Symbol.asyncDispose]() {
        selfCollision[Symbol.dispose]();
        model[Symbol.dispose]();
        await link[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await link[Symbol.asyncDispose]();
    throw error;
  }
}

/** Kinematics of the arm as it describes itself. */
function modelOf(link: RobotLink, profile: RobotProfile): Promise<RobotModel> {
  const { gripper } = profile;
  return loadRobotModel({
    urdf: link.info.urdf,
    joints: profile.joints,
    baseFrame: profile.frames.base,
    toolFrame: profile.frames.tool,
    accelerationLimits: profile.accelerationLimits,
    ...(profile.velocityLimits ? { velocityLimits: profile.velocityLimits } : {}),
    ...(gripper ? { gripper: { joint: gripper.joint, open: gripper.open, closed: gripper.closed } } : {}),
  });
}

function plannerSettings(
  configuration: SessionConfiguration | undefined,
  lm: LmPort | undefined,
): PlannerSettings {
  return {
    // Without an editor there is no workspace that could be untrusted: the user typed the command.
    trusted: configuration?.trusted ?? true,
    ...(configuration?.openai ? { openai: configuration.openai } : {}),
    ...(lm ? { lm } : {}),
  };
}
