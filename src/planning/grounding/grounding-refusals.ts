import type { NounPhrase } from '../language/syntax.ts';
import { list, refusal } from '../refusal.ts';
import type { ObjectFeatures } from './features.ts';
import type { Grounder, GroundOptions, Scored } from './grounder.ts';
import { matchDescription, matchHead } from './noun-match.ts';

export function notFound(grounder: Grounder, phrase: NounPhrase, options: GroundOptions) {
  const words = [
    ...phrase.modifiers.flatMap((m) =>
      m.kind === 'word' && !m.negated ? [{ word: m.word, text: m.text, head: false }] : [],
    ),
    ...(phrase.head === undefined || phrase.head === 'one'
      ? []
      : [{ word: phrase.head, text: phrase.head, head: true }]),
  ];
  const fits = (f: ObjectFeatures, w: (typeof words)[number]) =>
    (w.head ? matchHead(w.word, f) : matchDescription(w.word, f)) !== undefined;
  const unknown = words.filter((w) => !grounder.features.some((f) => fits(f, w)));
  const ranked = grounder.features
    .map((f) => ({ f, hits: words.filter((w) => fits(f, w)).length }))
    .filter(({ f }) => !(options.exclude ?? []).includes(f.object.id))
    .sort((a, b) => b.hits - a.hits);
  const most = ranked[0]?.hits ?? 0;
  const near = ranked
    .filter((r) => r.hits === most)
    .slice(0, 6)
    .map((r) => r.f.object);
  const labels = [...new Set(near.map((o) => o.label))];
  const message =
    unknown.length > 0
      ? `Nothing in the scene is ${list(
          unknown.map((w) => `"${w.text}"`),
          'or',
        )} (in "${phrase.text}").`
      : `There is no "${phrase.text}" in the scene.`;
  return refusal(unknown.length > 0 ? 'unknown-words' : 'not-found', message, {
    words: unknown.length > 0 ? unknown.map((w) => w.text) : [phrase.text],
    suggestions: near,
    hint:
      labels.length > 0
        ? `${most > 0 ? 'Nearest' : 'In the scene'}: ${list(labels)}.`
        : 'The scene is empty.',
  });
}

export function ambiguous(phrase: NounPhrase, candidates: readonly Scored[], why?: string) {
  const objects = candidates.map((c) => c.f.object);
  const names = objects.map((o) =>
    objects.filter((p) => p.label === o.label).length > 1 ? `${o.label} (${o.id})` : o.label,
  );
  return refusal(
    'ambiguous',
    `"${phrase.text}" could be ${list(names, 'or')}${why === undefined ? '' : `: ${why}`}.`,
    {
      words: [phrase.text],
      candidates: objects,
      hint: 'Say which: by colour, size, or where it is (left, right, front, back, next to …).',
    },
  );
}
