import * as vscode from 'vscode';
import type { RecordOptions, RobotEndpoint } from '../../notebook/session/session-api.ts';

const section = (scope?: vscode.Uri): vscode.WorkspaceConfiguration =>
  vscode.workspace.getConfiguration('waybook', scope ?? null);

/** A value the user chose, as opposed to the default. */
function chosen(name: string, scope?: vscode.Uri): string | undefined {
  const found = section(scope).inspect<string>(name);
  return found?.workspaceFolderValue ?? found?.workspaceValue ?? found?.globalValue;
}

export const chosenPlanner = (scope?: vscode.Uri): string | undefined => chosen('planner.provider', scope);
export const planner = (scope?: vscode.Uri): string => section(scope).get('planner.provider', 'language');
export const refiner = (scope?: vscode.Uri): string => section(scope).get('refiner', 'default');

export function chosenRefiner(scope?: vscode.Uri): string | undefined {
  const value = chosen('refiner', scope);
  return value === 'default' ? undefined : value;
}

/** Multiple of real time for the simulator; undefined: as fast as it goes. */
export function pace(): number | undefined {
  const value = section().get<number>('simulator.pace', 1);
  return Number.isFinite(value) && value > 0 ? value : value === 0 ? undefined : 1;
}

export const openAi = (): { baseUrl: string; model: string } => ({
  baseUrl: section().get('openai.baseUrl', ''),
  model: section().get('openai.model', ''),
});

const positive = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined;

/** How much of runs is kept; undefined where a value is none. */
export function records(): RecordOptions {
  const keep = section().get<number>('records.keep', 20);
  const megabytes = section().get<number>('records.limit', 512);
  return {
    keep: Number.isInteger(keep) && keep >= 0 ? keep : undefined,
    limitBytes: Number.isFinite(megabytes) && megabytes > 0 ? Math.round(megabytes * 1024 * 1024) : undefined,
  };
}

/** Application-scoped: VS Code itself keeps a workspace from setting them. */
export function limits(): { clearance?: number; toolSpeed?: number; speed?: number } {
  const found = section().get<Record<string, unknown>>('limits') ?? {};
  return {
    clearance: positive(found['clearance']),
    toolSpeed: positive(found['toolSpeed']),
    speed: positive(found['speed']),
  };
}

/** Robots of this machine, by name. An entry that is no object with a WebSocket URL is left out and named in `problems`. */
export function robots(): { robots: Record<string, RobotEndpoint>; problems: string[] } {
  // Only what the machine says: `inspect` ignores what a workspace would smuggle in.
  const value: unknown = section().inspect('robots')?.globalValue ?? {};
  const found: Record<string, RobotEndpoint> = {};
  const problems: string[] = [];
  if (typeof value !== 'object' || value === null)
    return { robots: found, problems: ['waybook.robots is no object'] };
  for (const [name, entry] of Object.entries(value as Record<string, unknown>)) {
    const { url, profile, ca } = (typeof entry === 'object' && entry !== null ? entry : {}) as {
      url?: unknown;
      profile?: unknown;
      ca?: unknown;
    };
    if (typeof url === 'string' && /^wss?:\/\//.test(url))
      found[name] = { url, profile: profile ?? {}, ...(typeof ca === 'string' && ca !== '' ? { ca } : {}) };
    else problems.push(`robot ${name}: the url must begin with ws:// or wss://`);
  }
  return { robots: found, problems };
}

/** The robot that the Robot kernel talks to where the notebook names none. */
export function defaultRobot(): string | undefined {
  const name = section().get('robot', '');
  if (name !== '') return name;
  const names = Object.keys(robots().robots);
  return names.length === 1 ? names[0] : undefined;
}

export const update = (name: string, value: unknown): Thenable<void> =>
  section().update(name, value, vscode.ConfigurationTarget.Global);
