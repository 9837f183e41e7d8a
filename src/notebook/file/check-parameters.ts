import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Finding, NotebookDocument } from './document.ts';
import { isUsableName, placeholdersIn, SEED } from './parameters.ts';
import { toLineFeeds } from './source-lines.ts';

/** Parameters that no cell uses, and names that none can; `seed` is the simulator's own. */
export function checkParameters(document: NotebookDocument): Finding[] {
  const names = Object.keys(document.frontMatter.params ?? {}).filter((name) => name !== SEED);
  if (names.length === 0) return [];
  const used = new Set(
    document.cells.flatMap((cell) =>
      cell.kind === 'markdown' ? [] : placeholdersIn(cell.body).map(({ name }) => name),
    ),
  );
  const places = placesOf(document.frontMatterRaw);
  return names.flatMap((name): Finding[] => {
    if (used.has(name)) return [];
    const message = isUsableName(name)
      ? `No cell uses the parameter "${name}": write {{${name}}} where its value belongs.`
      : `No cell can use the parameter "${name}": names are letters, digits, "_" and "-", and begin with a letter or "_".`;
    return [{ severity: 'warning', code: 'parameter/unused', message, ...(places.get(name) ?? { line: 1 }) }];
  });
}

/** Where each name under `params:` stands in the file. */
function placesOf(frontMatterRaw: string): Map<string, { line: number; column: number }> {
  const lines = toLineFeeds(frontMatterRaw).split('\n');
  const counter = new LineCounter();
  const close = lines.findIndex((line, i) => i > 0 && ['---', '...'].includes(line.trimEnd()));
  const yaml = parseDocument(lines.slice(1, close).join('\n'), { lineCounter: counter, stringKeys: true });
  const block = yaml.get('params', true);
  const places = new Map<string, { line: number; column: number }>();
  if (!isMap(block)) return places;
  for (const { key } of block.items) {
    if (!isScalar(key) || !key.range) continue;
    const { line, col } = counter.linePos(key.range[0]);
    places.set(String(key.value), { line: line + 1, column: col });
  }
  return places;
}
