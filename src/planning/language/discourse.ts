import type { Discourse } from '../grounding/grounder.ts';
import type { Action } from './action.ts';

/** The same, with one more thing talked about. */
export const mention = (discourse: Discourse, id: string | undefined): Discourse =>
  id === undefined ? discourse : { ...discourse, mentions: [...discourse.mentions, id] };

/** What was talked about after these actions. */
export function follow(
  discourse: Discourse,
  actions: readonly Action[],
  movable: (id: string | undefined) => boolean = () => false,
): Discourse {
  const mentions = [...discourse.mentions];
  const themes: string[] = [];
  let destination = discourse.destination;
  let held = discourse.held;
  let carried = false;
  const note = (id: string) => {
    const at = mentions.indexOf(id);
    if (at >= 0) mentions.splice(at, 1);
    mentions.push(id);
  };
  for (const action of actions) {
    if (action.kind === 'release') {
      held = undefined;
      continue;
    }
    if (action.kind === 'grip') continue;
    note(action.object);
    themes.push(action.object);
    if ('target' in action && action.target.kind === 'object') {
      action.target.ids.forEach(note);
      destination = action.target.ids[0];
      carried = action.kind === 'put' && action.target.relation === 'on' && movable(action.target.ids[0]);
    }
    if (action.kind === 'insert') {
      note(action.hole);
      destination = action.hole;
    }
    if (action.kind === 'pick') held = action.object;
    else if (action.kind === 'put' || action.kind === 'insert') held = undefined;
  }
  return {
    mentions,
    themes: themes.length > 0 ? [...new Set(themes)] : discourse.themes,
    ...(destination === undefined ? {} : { destination }),
    ...(held === undefined ? {} : { held }),
    ...(carried ? { carried } : {}),
  };
}
