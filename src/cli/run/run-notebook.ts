import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { WaybookError } from '../../core/errors.ts';
import type { Scene } from '../../core/scene.ts';
import { readNotebook } from '../../notebook/file/read-notebook.ts';
import type { PageOutcome } from '../../notebook/page/build-page.ts';
import { defaultServices } from '../../notebook/session/default-services.ts';
import { resolveRobot } from '../../notebook/session/resolve-robot.ts';
import { openRunLog } from '../../notebook/session/record-log.ts';
import type { SessionEvent } from '../../notebook/session/session-api.ts';
import { type RunSummary, TaskSession } from '../../notebook/session/task-session.ts';
import { runsFolderName } from '../../records/run-folder.ts';
import { readUserConfig } from '../user-config.ts';
import type { Params } from '../../notebook/file/parameters.ts';

export interface RunFileOptions {
  readonly robot?: string;
  readonly planner?: string;
  readonly refiner?: string;
  readonly params?: Params;
  readonly replan?: boolean;
  readonly approve?: string;
  /** where records go; default beside the notebook */
  readonly runsFolder?: string;
  /** runs that stay beside this one */
  readonly keepRuns?: number;
}

/** One run with everything that a report or a page needs. */
export interface RunFileResult {
  readonly summary: RunSummary;
  readonly name: string;
  readonly outcomes: ReadonlyMap<string, PageOutcome>;
  readonly scenes: ReadonlyMap<string, Scene>;
  /** wall time that each cell took [s], for reports; no record has it */
  readonly seconds: ReadonlyMap<string, number>;
  /** folder of the run's record, where one was begun */
  readonly recordFolder?: string;
  readonly sidecar: (path: string) => Uint8Array;
}

/** Runs a notebook file once, headless, in this process. */
export async function runNotebookFile(
  file: string,
  options: RunFileOptions,
  onEvent: (event: SessionEvent) => void,
  signal: AbortSignal,
): Promise<RunFileResult> {
  const text = await readText(file);
  return runNotebookText({ text, name: basename(file), folder: dirname(file) }, options, onEvent, signal);
}

/** A notebook's text, and the folder that its files are relative to. */
export interface NotebookSource {
  readonly text: string;
  readonly name: string;
  readonly folder: string;
}

/** As {@link runNotebookFile}, for a text that may be in no file. */
export async function runNotebookText(
  { text, name, folder }: NotebookSource,
  options: RunFileOptions,
  onEvent: (event: SessionEvent) => void,
  signal: AbortSignal,
): Promise<RunFileResult> {
  const document = readNotebook(text, name);
  const chosen = resolveRobot(document.frontMatter, {
    ...(options.robot === undefined ? {} : { option: options.robot }),
    ...(options.params ? { params: options.params } : {}),
  });
  const runsFolder = options.runsFolder ?? join(folder, runsFolderName(name));
  const outcomes = new Map<string, PageOutcome>();
  const scenes = new Map<string, Scene>();
  const started = new Map<string, number>();
  const seconds = new Map<string, number>();
  let recordFolder: string | undefined;
  const emit = (event: SessionEvent): void => {
    if (event.kind === 'run-started') recordFolder = join(runsFolder, event.recordFolder);
    if (event.kind === 'output') scenes.set(event.cell, event.scene);
    if (event.kind === 'cell-started') started.set(event.cell, performance.now());
    if (event.kind === 'cell-ended') {
      const start = started.get(event.cell);
      if (start !== undefined) seconds.set(event.cell, (performance.now() - start) / 1000);
      outcomes.set(event.cell, {
        outcome: event.outcome,
        summary: event.summary,
        ...(event.failure ? { failure: event.failure } : {}),
      });
    }
    // Headless, nobody is there to approve: what was not approved beforehand does not move.
    if (event.kind === 'approval') session.answerApproval(event.request.hash, false);
    onEvent(event);
  };
  await using session = new TaskSession({
    services: defaultServices({ configuration: readUserConfig }),
    emit,
    openLog: openRunLog,
    id: 'headless',
  });
  const stop = (): void => {
    void session.stopMotion('The run was interrupted.');
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const summary = await session.run({
      runId: `${Date.now().toString(36)}`,
      text,
      name,
      folder,
      runsFolder,
      options: {
        ...chosen,
        ...(options.planner === undefined ? {} : { planner: options.planner }),
        ...(options.refiner === undefined ? {} : { refiner: options.refiner }),
        ...(options.approve === undefined ? {} : { approve: options.approve }),
        ...(options.keepRuns === undefined ? {} : { records: { keep: options.keepRuns } }),
        replan: options.replan ?? false,
      },
    });
    return {
      summary,
      name,
      outcomes,
      scenes,
      seconds,
      ...(recordFolder === undefined ? {} : { recordFolder }),
      sidecar: (path) => readFileSync(join(recordFolder ?? runsFolder, path)),
    };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** A file's text; throws `input/file` that names it. */
export async function readText(file: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new WaybookError(
      'input/file',
      missing ? `There is no file ${file}.` : `${file} cannot be read: ${String(error)}`,
      {
        cause: error,
      },
    );
  }
}

/**
 * Writes a file, making its folder: in one step, so that a kill leaves the old content or the new. Links are followed,
 * permissions stay; what is no plain file is written to as it is.
 */
export async function writeOut(file: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const target = await realpath(file).catch(() => file);
  const existing = await stat(target).catch(() => undefined);
  if (existing && !existing.isFile()) return writeFile(file, content);
  const temporary = `${target}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    await writeFile(temporary, content, {
      flag: 'wx',
      flush: true,
      ...(existing ? { mode: existing.mode } : {}),
    });
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
