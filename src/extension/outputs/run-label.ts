import * as vscode from 'vscode';
import type { RunRecord } from './run-records.ts';

/** What people call a run. */
export const runLabel = ({ number, name }: Pick<RunRecord, 'number' | 'name'>): string =>
  number === undefined ? name : vscode.l10n.t('Run {0}', number);

/** When it started, as people read a clock; a run's folder is named `<UTC>-<id>`. */
export function runTime({ name }: Pick<RunRecord, 'name'>, now = new Date()): string {
  const match = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})/.exec(name);
  if (!match) return '';
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = match.slice(1).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute));
  const today = date.toDateString() === now.toDateString();
  return date.toLocaleString(
    vscode.env.language,
    today ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' },
  );
}
