import type { Scene } from '../../core/scene.ts';
import type { Difference } from '../../core/viewer-messages.ts';

/** Facts and provenance of two outputs side by side: those that either has, in the order of the first. */
export function compareFacts(left: Scene, right: Scene): Difference[] {
  const names = [...new Set([...left.facts, ...right.facts].map(({ name }) => name))];
  const valueOf = (scene: Scene, name: string): string =>
    scene.facts.find((fact) => fact.name === name)?.value ?? '–';
  const rows = names.map((name) => ({ name, left: valueOf(left, name), right: valueOf(right, name) }));
  const origins: [string, (scene: Scene) => string | undefined][] = [
    ['Refiner', ({ provenance }) => provenance?.refiner?.id],
    ['Planner', ({ provenance }) => provenance?.planner?.provider],
    ['Seed', ({ provenance }) => provenance?.seed?.toString()],
    ['Capture', ({ provenance }) => provenance?.captureHash?.slice(0, 8)],
  ];
  for (const [name, of] of origins) {
    const [a, b] = [of(left), of(right)];
    if (a !== undefined || b !== undefined) rows.push({ name, left: a ?? '–', right: b ?? '–' });
  }
  return rows;
}
