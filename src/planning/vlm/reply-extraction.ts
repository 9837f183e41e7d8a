import { jsonrepair } from 'jsonrepair';

const TAGS = [/<answer>([\s\S]*?)<\/answer>/i, /<ans>([\s\S]*?)<\/ans>/i];
const FENCE = /```[a-z]*\s*\n?([\s\S]*?)```/gi;

/** The part of a reply that carries the answer: the last fence, an answer tag, or the outermost braces. */
export function answerOf(reply: string): string {
  for (const tag of TAGS) {
    const found = tag.exec(reply)?.[1];
    if (found !== undefined) return found.trim();
  }
  const fences = [...reply.matchAll(FENCE)].map((m) => (m[1] as string).trim()).filter((t) => t !== '');
  if (fences.length > 0) return fences[fences.length - 1] as string;
  const thoughtless = reply.replace(/<think>[\s\S]*?<\/think>/gi, '').replace(/```[a-z]*/gi, '');
  const start = thoughtless.search(/[{[]/);
  const end = Math.max(thoughtless.lastIndexOf('}'), thoughtless.lastIndexOf(']'));
  if (start < 0) return thoughtless.trim();
  return (end > start ? thoughtless.slice(start, end + 1) : thoughtless.slice(start)).trim();
}

/**
 * JSON in a reply, forgiving trailing commas, comments and quotes. Undefined where there is none. A truncated reply
 * must not be mended into a shorter plan: pass `complete: false` and only what parses as it is counts.
 */
export function jsonOf(reply: string, complete: boolean): unknown {
  const text = answerOf(reply);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    if (!complete || !/[{[]/.test(text)) return undefined;
  }
  try {
    return JSON.parse(jsonrepair(text)) as unknown;
  } catch {
    return undefined;
  }
}
