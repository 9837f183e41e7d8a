/** A stretch of JSON text and what it is; joining all `text` gives the input back. */
export interface JsonToken {
  readonly kind: 'key' | 'string' | 'number' | 'word' | 'plain';
  readonly text: string;
}

const WORD = /[a-z]/;
const NUMBER = /[-+0-9.eE]/;

/** Splits JSON-like text for colouring. Never fails: what it does not know is `plain`. */
export function tokenizeJson(text: string): JsonToken[] {
  const tokens: JsonToken[] = [];
  let i = 0;
  const push = (kind: JsonToken['kind'], end: number): void => {
    const last = tokens.at(-1);
    const part = text.slice(i, end);
    if (kind === 'plain' && last?.kind === 'plain')
      tokens[tokens.length - 1] = { kind, text: last.text + part };
    else tokens.push({ kind, text: part });
    i = end;
  };
  while (i < text.length) {
    const c = text.charAt(i);
    if (c === '"') {
      const end = endOfString(text, i);
      push(/^\s*:/.test(text.slice(end, end + 16)) ? 'key' : 'string', end);
    } else if (/[-0-9]/.test(c)) {
      push('number', endWhile(text, i + 1, NUMBER));
    } else if (WORD.test(c)) {
      const end = endWhile(text, i, WORD);
      push(['true', 'false', 'null'].includes(text.slice(i, end)) ? 'word' : 'plain', end);
    } else {
      push('plain', i + 1);
    }
  }
  return tokens;
}

function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i + 1;
    else if (text[i] === '\n') return i;
  }
  return text.length;
}

function endWhile(text: string, start: number, pattern: RegExp): number {
  let i = start;
  while (i < text.length && pattern.test(text.charAt(i))) i++;
  return i;
}
