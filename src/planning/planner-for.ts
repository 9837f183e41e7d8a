import { WaybookError } from '../core/errors.ts';
import { languagePlanner } from './language-planner.ts';
import type { Planner } from './planner.ts';

/** What planners need to know of the machine; endpoints and keys never come from a notebook. */
export interface PlannerSettings {
  readonly openai?: { readonly baseUrl: string; readonly model: string; readonly apiKey?: string };
  /** false in an untrusted workspace: no planner that uses the network */
  readonly trusted: boolean;
}

/** The planner with this id. Throws `input/planner` for an id that there is none of. */
export function plannerFor(id: string, _settings?: PlannerSettings): Planner {
  if (id === languagePlanner.id) return languagePlanner;
  throw new WaybookError('input/planner', `There is no planner "${id}".`, {
    hint: 'There are language, openai and vscode.',
  });
}
