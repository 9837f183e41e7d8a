import type { Capture } from '../../core/capture.ts';
import { WaybookError } from '../../core/errors.ts';
import { TOOL_DOWN } from '../../core/geometry.ts';
import type { SceneObject } from '../../core/scene-object.ts';
import { silentLog } from '../../notebook/session/run-log.ts';
import { defaultServices } from '../../notebook/session/default-services.ts';
import { planBody } from '../../notebook/session/plan-cell.ts';
import { TaskSession } from '../../notebook/session/task-session.ts';
import type { PlanResult } from '../../planning/planner.ts';
import { simulatorProfile } from '../../robot/profiles/simulator-profile.ts';
import { parseSceneObjects } from '../run/scene-file.ts';
import { readText } from '../run/run-notebook.ts';
import type { Command, Io } from '../command.ts';
import { readUserConfig } from '../user-config.ts';

export const planCommand: Command = {
  name: 'plan',
  summary: 'Plan one instruction: words and a scene become a few coarse waypoints. Nothing moves.',
  usage: '"TEXT" [--scene FILE | --robot ROBOT] [options]',
  options: [
    {
      name: 'scene',
      value: 'FILE',
      help: 'JSON with "objects" (id, label, pose, size), as --json prints them.',
    },
    { name: 'robot', value: 'ROBOT', help: 'Look with this robot; default sim:tabletop?seed=0.' },
    { name: 'planner', value: 'ID', help: 'language (built in), openai, …' },
    { name: 'viewpoint', value: 'robot|camera', help: 'Whose left and right the words mean; default robot.' },
    { name: 'json', help: 'Print one JSON document: plan, waypoints and the objects it was grounded on.' },
  ],
  examples: [
    'waybook plan "put the red cube in the blue bowl"',
    'waybook plan "open the drawer" --robot sim:open-drawer?seed=3 --json',
  ],
  async run(args, io) {
    const instruction = args.required(0, 'TEXT');
    const viewpoint = args.string('viewpoint') ?? 'robot';
    if (viewpoint !== 'robot' && viewpoint !== 'camera') {
      throw new WaybookError('input/usage', `--viewpoint is robot or camera, not "${viewpoint}".`);
    }
    const scene = args.string('scene');
    const seen =
      scene === undefined
        ? await look(args.string('robot') ?? 'sim:tabletop?seed=0', io)
        : await sceneOfFile(scene);
    const services = defaultServices({ configuration: readUserConfig });
    const plan = await services
      .planner(args.string('planner') ?? services.defaultPlanner, () => [])
      .plan(
        {
          instruction,
          objects: seen.objects,
          robot: {
            toolPose: seen.toolPose,
            gripper: 1,
            maxOpening: simulatorProfile.gripper?.width ?? 0.08,
            workspace: simulatorProfile.workspace,
          },
          viewpoint,
        },
        io.signal,
      );
    io.out(args.has('json') ? `${JSON.stringify({ ...plan, objects: seen.objects })}\n` : report(plan));
    return 0;
  },
};

interface Seen {
  readonly objects: readonly SceneObject[];
  readonly toolPose: {
    readonly position: readonly [number, number, number];
    readonly orientation: typeof TOOL_DOWN;
  };
}

async function sceneOfFile(file: string): Promise<Seen> {
  return {
    objects: parseSceneObjects(await readText(file), file),
    toolPose: { position: [0.4, 0, 0.4], orientation: TOOL_DOWN },
  };
}

/** One look with a robot or the simulator. */
async function look(robot: string, io: Io): Promise<Seen> {
  let capture: Capture | undefined;
  await using session = new TaskSession({
    services: defaultServices({ configuration: readUserConfig }),
    emit: () => undefined,
    openLog: () => ({ ...silentLog, capture: (_cell, taken) => (capture = taken) }),
    id: 'plan',
  });
  io.signal.addEventListener('abort', () => session.cancel(), { once: true });
  const summary = await session.run({
    runId: 'plan',
    text: '---\nwaybook: 1\n---\n```json capture {#look}\n{}\n```\n',
    name: 'plan',
    runsFolder: '',
    options: { robot, robotFrom: 'option' },
  });
  if (summary.failure)
    throw new WaybookError(summary.failure.code, summary.failure.message, summary.failure.details);
  return { objects: capture?.objects ?? [], toolPose: { position: [0.4, 0, 0.4], orientation: TOOL_DOWN } };
}

function report(plan: PlanResult): string {
  return `${plan.summary}\nLeft and right as the ${plan.viewpoint} sees it; planner ${plan.provider}.\n${planBody(plan.waypoints)}\n`;
}
