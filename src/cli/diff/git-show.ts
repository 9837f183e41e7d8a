import { spawn } from 'node:child_process';
import { WaybookError } from '../../core/errors.ts';

/** A file in a git revision. An empty revision is git's index. */
export interface Revision {
  readonly revision: string;
  /** from the repository's root, or from here where it starts with `./` or `../` */
  readonly path: string;
}

/** Longest that git may take [ms], and the largest file taken from it. */
const TIME_OUT = 30_000;
const LIMIT_BYTES = 256 * 1024 * 1024;

/** `HEAD~2:samples/stack.waybook.md`; undefined where it is no such thing. A drive letter is not a revision. */
export function parseRevision(text: string): Revision | undefined {
  const at = text.indexOf(':');
  if (at < 0 || at === text.length - 1 || /^[A-Za-z]:[\\/]/.test(text)) return undefined;
  const revision = text.slice(0, at);
  // Neither an option nor anything with white space or control characters is a revision's name.
  if (revision.startsWith('-') || !/^[\x21-\x7e\u00a0-\uffff]*$/.test(revision)) return undefined;
  return { revision, path: text.slice(at + 1) };
}

/**
 * The bytes of a file in a revision, by `git show` without a shell. Throws `input/file` with what git said, or
 * `input/limit` where the file is too large.
 */
export async function showRevision(
  { revision, path }: Revision,
  signal: AbortSignal,
  cwd = process.cwd(),
): Promise<Uint8Array> {
  const child = spawn('git', ['show', '--no-textconv', '--end-of-options', `${revision}:${path}`], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIME_OUT)]),
    windowsHide: true,
  });
  const chunks: Uint8Array[] = [];
  let size = 0;
  let complaint = '';
  child.stdout.on('data', (chunk: Uint8Array) => {
    size += chunk.length;
    if (size > LIMIT_BYTES) child.kill();
    else chunks.push(chunk);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (complaint.length < 2000) complaint += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (cause) => {
      reject(
        new WaybookError('input/file', `git could not be asked for ${revision}:${path}: ${cause.message}`, {
          cause,
          hint: 'REVISION:path needs git on the PATH.',
        }),
      );
    });
    child.once('close', resolve);
  });
  if (size > LIMIT_BYTES) {
    throw new WaybookError('input/limit', `${revision}:${path} is larger than ${LIMIT_BYTES / 1048576} MB.`);
  }
  if (code !== 0) {
    const said = complaint.trim().split('\n')[0] ?? '';
    throw new WaybookError('input/file', `git has no ${revision}:${path}${said === '' ? '.' : `: ${said}`}`, {
      hint: 'Paths count from the repository’s root; ./path counts from here.',
    });
  }
  return Buffer.concat(chunks);
}
