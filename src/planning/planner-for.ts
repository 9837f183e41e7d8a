import { WaybookError } from '../core/errors.ts';
import { languagePlanner } from './language-planner.ts';
import type { Planner } from './planner.ts';
import { drawMarks } from './vlm/marks.ts';
import { portOfLm, type LmPort, type ModelPort } from './vlm/model-port.ts';
import { OpenAiClient } from './vlm/openai-client.ts';
import { vlmPlanner, type VlmPlannerOptions } from './vlm/vlm-planner.ts';

/** What planners need to know of the machine; endpoints and keys never come from a notebook. */
export interface PlannerSettings {
  readonly openai?: { readonly baseUrl: string; readonly model: string; readonly apiKey?: string };
  /** the editor's own models, where there is an editor */
  readonly lm?: LmPort;
  /** false in an untrusted workspace: no planner that uses the network */
  readonly trusted: boolean;
  readonly reachProblems?: VlmPlannerOptions['reachProblems'];
}

export const plannerIds = ['language', 'openai', 'vscode'] as const;

/** The planner with this id; never another one in its place. Throws `input/planner` where it is not there or not set up. */
export function plannerFor(id: string, settings?: PlannerSettings): Planner {
  if (id === 'language') return languagePlanner;
  return vlmPlanner(modelPortFor(id, settings), {
    drawMarks,
    ...(settings?.reachProblems === undefined ? {} : { reachProblems: settings.reachProblems }),
  });
}

/** The way to ask the model behind a planner, for Check Planner. Throws `input/planner` where it has none or is not set up. */
export function modelPortFor(id: string, settings?: PlannerSettings): ModelPort {
  switch (id) {
    case 'language':
      throw new WaybookError('input/planner', 'The language planner has no model that could be checked.', {
        hint: 'Check openai or vscode.',
      });
    case 'openai': {
      if (settings !== undefined && !settings.trusted) {
        throw new WaybookError(
          'input/planner',
          'The openai planner sends camera pictures over the network and is off in an untrusted workspace.',
          {
            hint: 'Trust the workspace, or use the language planner.',
          },
        );
      }
      if (settings?.openai === undefined) {
        throw new WaybookError('input/planner', 'No model endpoint is set.', {
          hint: 'Set the base URL and the model of an OpenAI-compatible server in the machine settings, or use the language planner.',
        });
      }
      return new OpenAiClient(settings.openai);
    }
    case 'vscode': {
      if (settings?.lm === undefined) {
        throw new WaybookError('input/planner', 'The editor offers no language model here.', {
          hint: 'Use the language planner, or set an OpenAI-compatible endpoint.',
        });
      }
      return portOfLm(settings.lm);
    }
    default:
      throw new WaybookError('input/planner', `There is no planner "${id}".`, {
        hint: `There are ${plannerIds.join(', ')}.`,
      });
  }
}
