/** A plain-text table: the first row is the head; columns that hold only numbers are right-aligned. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, c) =>
    Math.max(...rows.map((row) => (row[c] ?? '').length)),
  );
  const numeric = widths.map((_, c) =>
    rows.slice(1).every((row) => /^[-+]?[\d.,]*[ %]*$/.test(row[c] ?? '')),
  );
  const line = (row: readonly string[]): string =>
    widths
      .map((width, c) => (numeric[c] ? (row[c] ?? '').padStart(width) : (row[c] ?? '').padEnd(width)))
      .join('  ')
      .trimEnd();
  const [head = [], ...body] = rows;
  return (
    [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...body.map(line)].join('\n') + '\n'
  );
}

export const percent = (fraction: number): string => `${(100 * fraction).toFixed(1)} %`;
export const median = (values: readonly number[]): number => {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
};
