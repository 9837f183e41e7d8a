import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { EpisodeResult } from './episode.ts';

/** One line of a results file. `key` is the hash of everything that decides the result, so a resumed run can trust it. */
interface Row {
  readonly key: string;
  readonly result: EpisodeResult;
}

/** Results as JSON lines, appended as they come: a stopped evaluation goes on where it was. */
export class ResultsFile {
  readonly #path: string;
  #tail: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /** Finished results by key. A last line that was cut off by a kill is ignored; its episode runs again. */
  async read(): Promise<Map<string, EpisodeResult>> {
    const results = new Map<string, EpisodeResult>();
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch {
      return results;
    }
    for (const line of text.split('\n')) {
      const row = parseRow(line);
      if (row) results.set(row.key, row.result);
    }
    return results;
  }

  append(key: string, result: EpisodeResult): Promise<void> {
    const line = `${JSON.stringify({ key, result } satisfies Row)}\n`;
    this.#tail = this.#tail.then(async () => {
      await mkdir(dirname(this.#path), { recursive: true });
      await appendFile(this.#path, line);
    });
    return this.#tail;
  }
}

function parseRow(line: string): Row | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || !('key' in value) || !('result' in value))
      return undefined;
    return typeof value.key === 'string' ? (value as Row) : undefined;
  } catch {
    return undefined;
  }
}
