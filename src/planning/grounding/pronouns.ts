import { HANDLE_NOUNS } from '../language/nouns.ts';
import type { NounPhrase } from '../language/syntax.ts';
import { refusal } from '../refusal.ts';
import type { Discourse, Grounder, GroundOptions } from './grounder.ts';

/** Ids of what "it", "them" or "there" means in its role; refuses where nothing was talked about. */
export function pronounIds(
  grounder: Grounder,
  phrase: NounPhrase,
  discourse: Discourse,
  options: GroundOptions,
): string[] {
  const unresolved = () =>
    refusal('ambiguous', `I do not know what "${phrase.text}" means here.`, {
      words: [phrase.text],
      hint: 'Name the object.',
    });
  const recent = [...discourse.mentions].reverse();
  switch (phrase.pronoun) {
    case 'them':
      if (discourse.themes.length === 1 && discourse.carried === true) throw stackMoved(phrase);
      if (discourse.themes.length > 0) return [...discourse.themes];
      throw unresolved();
    case 'each-other':
      throw unresolved();
    case 'there': {
      if (discourse.destination !== undefined) return [discourse.destination];
      throw unresolved();
    }
    case 'it':
    case undefined: {
      if (options.theme !== undefined && options.role === 'reference') {
        const earlier = recent.find((id) => id !== options.theme);
        return [earlier ?? options.theme];
      }
      if (options.role === 'openable') {
        const openable =
          recent.find((id) => grounder.of(id).openable && !isHandle(grounder, id)) ??
          recent.find((id) => grounder.of(id).openable);
        if (openable !== undefined) return [openable];
      }
      if (options.role === 'container') {
        const excluded = options.exclude ?? [];
        // what was just put on something is on top of it now
        const [upper, more] = discourse.carried === true ? discourse.themes : [];
        if (upper !== undefined && more === undefined && !excluded.includes(upper)) return [upper];
        const place = recent.find((id) => !excluded.includes(id));
        if (place !== undefined) return [place];
      }
      if (options.role === 'control' && recent[0] !== undefined)
        return [grounder.of(recent[0]).object.partOf ?? recent[0]];
      if (options.role === 'moved' && discourse.held !== undefined) return [discourse.held];
      const theme = discourse.themes.length === 1 ? discourse.themes[0] : undefined;
      if (theme !== undefined) return [theme];
      throw unresolved();
    }
  }
}

/** "stack them and put them in the tray": two things at once */
function stackMoved(phrase: NounPhrase) {
  return refusal('unsupported', `I cannot move several things at once: "${phrase.text}".`, {
    words: [phrase.text],
    hint: 'Move the lower thing first, then put the other on it.',
  });
}

const isHandle = (grounder: Grounder, id: string): boolean =>
  [...grounder.of(id).nouns].some((noun) => HANDLE_NOUNS.has(noun));
