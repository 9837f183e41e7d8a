import { basename, dirname, isAbsolute, relative, resolve } from 'node:path';
import { WaybookError } from '../../core/errors.ts';
import { duration, sampleCount } from '../../core/trajectory.ts';
import { defaultServices } from '../../notebook/session/default-services.ts';
import { refinerText } from '../../notebook/session/cells/choose-refiner.ts';
import type { RefinedOutput } from '../../notebook/session/outputs.ts';
import { silentLog } from '../../notebook/session/run-log.ts';
import { TaskSession } from '../../notebook/session/task-session.ts';
import type { Command } from '../command.ts';
import { readText } from '../run/run-notebook.ts';

export const refineCommand: Command = {
  name: 'refine',
  summary:
    'Refine waypoints against a recorded point cloud into a timed trajectory. No robot is needed or moved.',
  usage: '--waypoints FILE --capture FILE [options]',
  options: [
    { name: 'waypoints', value: 'FILE', help: 'JSON as in a waypoints cell.' },
    { name: 'capture', value: 'FILE', help: 'Cloud in the base frame: PCD, PLY or NPY.' },
    {
      name: 'refiner',
      value: 'ID',
      help: 'expert, spline or snap; default expert, and spline where it cannot be used, which is said.',
    },
    { name: 'speed', value: 'F', help: 'Fraction of full speed, 0..1; default 0.5.' },
    { name: 'arm', value: 'SCENE', help: 'Scene whose arm is used, at its home pose; default tabletop.' },
    { name: 'json', help: 'Print one JSON document with every sample.' },
  ],
  examples: ['waybook refine --waypoints plan.json --capture table.pcd --refiner snap'],
  async run(args, io) {
    const waypoints = args.string('waypoints');
    const capture = args.string('capture');
    if (waypoints === undefined || capture === undefined) {
      throw new WaybookError('input/usage', 'Both --waypoints and --capture are needed.', {
        hint: 'See waybook refine --help.',
      });
    }
    const body = (await readText(waypoints)).trim();
    const speed = args.number('speed', { min: 0.01, max: 1 }) ?? 0.5;
    let refined: RefinedOutput | undefined;
    await using session = new TaskSession({
      services: defaultServices(),
      emit: () => undefined,
      openLog: () => ({ ...silentLog, refined: (_cell, output) => (refined = output) }),
      id: 'refine',
    });
    const stop = (): void => session.cancel();
    io.signal.addEventListener('abort', stop, { once: true });
    const summary = await session.run({
      runId: 'refine',
      text: notebookText(body, basename(capture), speed),
      name: basename(waypoints),
      folder: resolve(dirname(capture)),
      runsFolder: '',
      cells: ['plan'],
      options: {
        robot: `sim:${args.string('arm') ?? 'tabletop'}?seed=0`,
        robotFrom: 'option',
        ...(args.string('refiner') === undefined ? {} : { refiner: args.string('refiner') ?? '' }),
      },
    });
    io.signal.removeEventListener('abort', stop);
    if (summary.failure) {
      const { code, message, details } = summary.failure;
      const file = isAbsolute(waypoints) ? basename(waypoints) : relative('.', waypoints);
      // Lines count from the cell's fence in the notebook made here; the file has no fence.
      const line =
        details.place?.line === undefined ? undefined : Math.max(1, details.place.line - LINES_BEFORE);
      throw new WaybookError(code, message, {
        ...details,
        place: { ...details.place, file, ...(line === undefined ? {} : { line }) },
      });
    }
    if (!refined) throw new WaybookError('internal/bug', 'Refining gave no trajectory.');
    io.out(args.has('json') ? `${JSON.stringify(jsonOf(refined))}\n` : report(refined));
    return 0;
  },
};

const FENCE = '````````';
/** Lines of {@link notebookText} before the body's first line. */
const LINES_BEFORE = 7;

function notebookText(body: string, file: string, speed: number): string {
  return [
    '---',
    'waybook: 1',
    '---',
    `${FENCE}json capture {#cloud}`,
    JSON.stringify({ file }),
    FENCE,
    `${FENCE}json waypoints {#plan capture=cloud}`,
    body,
    FENCE,
    `${FENCE}json execute {#go trajectory=plan}`,
    JSON.stringify({ speed }),
    FENCE,
    '',
  ].join('\n');
}

function jsonOf(output: RefinedOutput): Record<string, unknown> {
  const { trajectory } = output;
  const d = trajectory.jointNames.length;
  const rows = (array: Float64Array, width: number): number[][] =>
    Array.from({ length: sampleCount(trajectory) }, (_, i) => [
      ...array.subarray(i * width, (i + 1) * width),
    ]);
  return {
    refiner: output.refiner,
    ...(output.instead ? { instead: output.instead } : {}),
    trajectoryHash: output.trajectoryHash,
    waypoints: output.refinedWaypoints,
    clearance: output.clearance ?? null,
    trajectory: {
      jointNames: trajectory.jointNames,
      times: [...trajectory.times],
      joints: rows(trajectory.joints, d),
      velocities: rows(trajectory.velocities, d),
      tool: rows(trajectory.tool, 7),
      gripper: [...trajectory.gripper],
      segments: trajectory.segments,
      waypointSamples: trajectory.waypointSamples,
    },
  };
}

function report(output: RefinedOutput): string {
  const moved = output.refinedWaypoints.map((waypoint, i) => {
    const before = output.waypoints[i]?.position ?? waypoint.position;
    const by = Math.hypot(...waypoint.position.map((v, k) => v - (before[k] ?? v))) * 1000;
    return `  ${String(i + 1).padStart(2)} ${waypoint.label}: ${waypoint.position.map((v) => v.toFixed(3)).join(', ')} m, moved ${by.toFixed(1)} mm`;
  });
  const { trajectory } = output;
  return [
    `${sampleCount(trajectory)} samples, ${duration(trajectory).toFixed(2)} s (${refinerText(output.refiner, output.instead)})`,
    ...moved,
    `Trajectory ${output.trajectoryHash}`,
    '',
  ].join('\n');
}
