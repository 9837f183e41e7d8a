import { randomUUID } from 'node:crypto';
import type { RunRequest, SessionEvent, SessionFailure } from '../../notebook/session/session-api.ts';
import { formatSimulator } from '../kernel/run-target.ts';

export interface PlanInput {
  readonly instruction: string;
  readonly scene: string;
  readonly seed: number;
}

export interface RefineInput {
  readonly waypoints: Readonly<Record<string, unknown>>;
  readonly scene: string;
  readonly seed: number;
  readonly refiner?: string;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function place(input: Record<string, unknown>): { scene: string; seed: number } {
  const { scene, seed } = input;
  return {
    scene: typeof scene === 'string' && /^[\w-]{1,40}$/.test(scene) ? scene : 'tabletop',
    seed: Number.isSafeInteger(seed) && (seed as number) >= 0 ? (seed as number) : 0,
  };
}

/** What a model sent, checked: it is as hostile as any other input. Throws a plain error that the model can read. */
export function planInput(value: unknown): PlanInput {
  if (!isObject(value) || typeof value['instruction'] !== 'string' || value['instruction'].trim() === '') {
    throw new Error('"instruction" must be a sentence such as "put the red cube in the blue bowl".');
  }
  if (value['instruction'].length > 2000) throw new Error('"instruction" is longer than 2000 characters.');
  return { instruction: value['instruction'].trim(), ...place(value) };
}

export function refineInput(value: unknown): RefineInput {
  if (!isObject(value) || !isObject(value['waypoints']) || !Array.isArray(value['waypoints']['waypoints'])) {
    throw new Error('"waypoints" must be an object {"frame": "base", "waypoints": [...]}.');
  }
  const { refiner } = value;
  return {
    waypoints: value['waypoints'],
    ...place(value),
    refiner:
      typeof refiner === 'string' && ['expert', 'spline', 'snap'].includes(refiner) ? refiner : undefined,
  };
}

const head = (scene: string, seed: number): string =>
  `---\nwaybook: 1\nrobot: ${formatSimulator(scene, seed)}\n---\n\n\`\`\`json capture {#view}\n{ "camera": "front" }\n\`\`\`\n`;

/** A notebook without an execute cell: whatever a tool runs, nothing can move. */
export function planRequest({ instruction, scene, seed }: PlanInput, runsFolder: string): RunRequest {
  const fence = '`'.repeat(Math.max(3, ...[...instruction.matchAll(/`+/g)].map((m) => m[0].length + 1)));
  const text = `${head(scene, seed)}\n${fence}instruction {#task capture=view}\n${instruction}\n${fence}\n`;
  return request(text, ['view', 'task'], scene, seed, runsFolder);
}

export function refineRequest(
  { waypoints, scene, seed, refiner }: RefineInput,
  runsFolder: string,
): RunRequest {
  const text = `${head(scene, seed)}\n\`\`\`json waypoints {#path capture=view}\n${JSON.stringify(waypoints, null, 2)}\n\`\`\`\n`;
  return request(text, ['view', 'path'], scene, seed, runsFolder, refiner);
}

const request = (
  text: string,
  cells: string[],
  scene: string,
  seed: number,
  runsFolder: string,
  refiner?: string,
): RunRequest => ({
  runId: randomUUID(),
  text,
  name: 'tool.waybook.md',
  runsFolder,
  cells,
  options: { robot: formatSimulator(scene, seed), robotFrom: 'option', refiner },
});

/** What a run said, as the tool's answer: the plan, the verdicts, the facts, and failures in words. */
export function answerOf(events: readonly SessionEvent[]): Record<string, unknown> {
  const plan = events.find((event) => event.kind === 'plan-written');
  const outputs = events.flatMap((event) =>
    event.kind === 'output'
      ? [
          {
            cell: event.cell,
            verdict: event.scene.verdict,
            facts: event.scene.facts,
            notes: event.scene.notes,
            provenance: event.scene.provenance,
          },
        ]
      : [],
  );
  const failures = events.flatMap((event) =>
    event.kind === 'cell-ended' && event.failure ? [explain(event.failure)] : [],
  );
  const ended = events.find((event) => event.kind === 'run-ended');
  if (failures.length === 0 && ended?.failure) failures.push(explain(ended.failure));
  return {
    ...(plan ? { waypoints: JSON.parse(plan.body) as unknown } : {}),
    outputs,
    failures,
    moved: false,
  };
}

const explain = ({ message, details, code }: SessionFailure): Record<string, unknown> => ({
  code,
  message,
  hint: details.hint,
  limit: details.limit,
  waypoint: details.place?.waypoint,
});
