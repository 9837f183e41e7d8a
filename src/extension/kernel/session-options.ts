import type * as vscode from 'vscode';
import type { SessionOptions } from '../../notebook/session/session-api.ts';
import { frontMatterOf } from '../notebook/notebook-text.ts';
import * as settings from '../support/settings.ts';
import { chooseTarget } from './run-target.ts';

/**
 * What a run of a notebook on a kernel uses: the notebook first, then the settings. Throws `input/usage` where the
 * Robot kernel has nothing to talk to.
 */
export function sessionOptions(
  notebook: vscode.NotebookDocument,
  kind: 'simulator' | 'robot',
): SessionOptions {
  const frontMatter = frontMatterOf(notebook);
  const choice = chooseTarget(kind, frontMatter, {
    robots: Object.keys(settings.robots().robots),
    robot: settings.defaultRobot(),
  });
  return {
    ...choice,
    planner: frontMatter.planner ?? settings.chosenPlanner(notebook.uri),
    refiner: frontMatter.refiner ?? settings.chosenRefiner(notebook.uri),
    params: frontMatter.params,
    pace: settings.pace(),
    records: settings.records(),
  };
}
