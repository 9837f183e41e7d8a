import { execFile } from 'node:child_process';
import { basename, dirname } from 'node:path';
import { WaybookError } from '../../core/errors.ts';

const TIMEOUT_MS = 10_000;
const LIMIT_BYTES = 64 * 1024 * 1024;

/** The bytes of a file as the last commit has it. Throws `input/file` where git does not know it there. */
export function bytesAtHead(path: string): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const options = {
      cwd: dirname(path),
      timeout: TIMEOUT_MS,
      maxBuffer: LIMIT_BYTES,
      encoding: 'buffer',
    } as const;
    execFile('git', ['show', `HEAD:./${basename(path)}`], options, (error, stdout, stderr) => {
      if (!error) {
        resolve(stdout);
        return;
      }
      const said = stderr.toString('utf8').trim().split('\n')[0] ?? '';
      reject(
        new WaybookError('input/file', `The last commit has no "${basename(path)}".`, {
          hint: said === '' ? 'Is git installed, and the file committed?' : said,
        }),
      );
    });
  });
}
