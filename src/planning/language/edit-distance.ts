import { knownVerbs } from './verbs.ts';

/** Levenshtein distance, transpositions counted as one. */
export function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const above = rows[i - 1] as number[];
      const substitution = (above[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(substitution, (above[j] as number) + 1, (row[j - 1] as number) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, ((rows[i - 2] as number[])[j - 2] as number) + 1);
      }
      row.push(best);
    }
    rows.push(row);
  }
  return (rows[a.length] as number[])[b.length] as number;
}

/** Verbs within two letters of a word. */
export function nearestVerbs(word: string): string[] {
  return knownVerbs()
    .map((verb) => ({ verb, distance: editDistance(word, verb) }))
    .filter(({ verb, distance }) => distance <= (verb.length > 4 ? 2 : 1))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 2)
    .map(({ verb }) => verb);
}
