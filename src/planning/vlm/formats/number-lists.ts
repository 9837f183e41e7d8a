/**
 * Innermost lists of numbers in a text, "(1, 2.5)" or "[1, 2]", in order, by a tokenizer: nothing is ever evaluated.
 * Lists with anything but finite numbers in them are left out.
 */
export function numberLists(text: string): { values: number[]; at: number }[] {
  const lists: { values: number[]; at: number }[] = [];
  let open: { values: number[]; at: number; clean: boolean } | undefined;
  const token = /[[\](),]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[^\s[\](),]+/g;
  for (const match of text.matchAll(token)) {
    const piece = match[0];
    if (piece === '[' || piece === '(') open = { values: [], at: match.index, clean: true };
    else if (piece === ']' || piece === ')') {
      if (open?.clean === true && open.values.length > 0) lists.push({ values: open.values, at: open.at });
      open = undefined;
    } else if (piece !== ',' && open !== undefined) {
      const value = Number(piece);
      if (Number.isFinite(value)) open.values.push(value);
      else open.clean = false;
    }
  }
  return lists;
}
