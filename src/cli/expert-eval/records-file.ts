import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseRecord, type EpisodeRecord } from '../../evaluation/record.ts';

/** Records as JSON lines, appended as they come: a stopped evaluation goes on where it was. */
export class RecordsFile {
  readonly #path: string;
  #tail: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /** Finished episodes by key. A line that was cut off by a kill is ignored; its episode runs again. */
  async read(): Promise<Map<string, EpisodeRecord>> {
    const records = new Map<string, EpisodeRecord>();
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch {
      return records;
    }
    for (const line of text.split('\n')) {
      if (line.trim() === '') continue;
      try {
        const record = parseRecord(line);
        records.set(record.key, record);
      } catch {
        continue;
      }
    }
    return records;
  }

  append(records: readonly EpisodeRecord[]): Promise<void> {
    const lines = records.map((record) => `${JSON.stringify(record)}\n`).join('');
    this.#tail = this.#tail.then(async () => {
      await mkdir(dirname(this.#path), { recursive: true });
      await appendFile(this.#path, lines);
    });
    return this.#tail;
  }

  /** Waits until everything is on disk. */
  flush(): Promise<void> {
    return this.#tail;
  }
}
