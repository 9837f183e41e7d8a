import { WaybookError } from '../../core/errors.ts';
import { redactText } from '../../records/redact.ts';
import type { RunFileResult } from './run-notebook.ts';

/** What the report is made of: a finished run has it. */
export interface JunitSource extends Pick<RunFileResult, 'name' | 'outcomes'> {
  readonly summary: Pick<RunFileResult['summary'], 'verdict' | 'failure'>;
  /** wall time of cells [s] */
  readonly seconds?: RunFileResult['seconds'];
}

interface Case {
  readonly name: string;
  readonly result: 'passed' | 'failed' | 'error' | 'skipped';
  readonly message: string;
  /** s */
  readonly time: number;
}

/**
 * A run as JUnit XML: a test case for every cell, and one for the task's verdict. The form is what Jenkins, GitLab and
 * GitHub's reporters read (`testsuites/testsuite/testcase` with `failure`, `error` or `skipped`). A task that failed is a
 * failure; bad input, a robot or link fault and a stopped run are errors. Messages hold no secrets and no absolute paths.
 */
export function junitOf({ name, outcomes, summary, seconds }: JunitSource): string {
  const cases: Case[] = [...outcomes].map(([cell, { outcome, summary: text, failure }]) => ({
    name: `#${cell}`,
    result:
      outcome === 'succeeded'
        ? 'passed'
        : outcome === 'skipped'
          ? 'skipped'
          : failure && !failure.code.startsWith('task/')
            ? 'error'
            : outcome === 'cancelled'
              ? 'error'
              : 'failed',
    message: failure ? new WaybookError(failure.code, failure.message, failure.details).explain() : text,
    time: seconds?.get(cell) ?? 0,
  }));
  const { verdict, failure } = summary;
  if (verdict) {
    cases.push({
      name: `task ${verdict.task}`,
      result: verdict.success ? 'passed' : 'failed',
      message: verdict.reason,
      time: 0,
    });
  } else if (failure && !cases.some(({ result }) => result === 'failed' || result === 'error')) {
    // Nothing ran: the notebook, the robot or the planner could not be used at all.
    cases.push({
      name: 'run',
      result: 'error',
      message: new WaybookError(failure.code, failure.message, failure.details).explain(),
      time: 0,
    });
  }
  const number = (result: Case['result']): number => cases.filter((c) => c.result === result).length;
  const counts = `tests="${cases.length}" failures="${number('failed')}" errors="${number('error')}" skipped="${number('skipped')}" time="${cases.reduce((sum, { time }) => sum + time, 0).toFixed(3)}"`;
  const suite = xmlText(name);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="${suite}" ${counts}>`,
    ...cases.map((test) => caseXml(suite, test)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function caseXml(suite: string, { name, result, message, time }: Case): string {
  const head = `    <testcase classname="${suite}" name="${xmlText(name)}" time="${time.toFixed(3)}"`;
  const text = xmlText(redactText(message));
  switch (result) {
    case 'passed':
      return `${head}><system-out>${text}</system-out></testcase>`;
    case 'skipped':
      return `${head}><skipped message="${text}"/></testcase>`;
    case 'failed':
      return `${head}><failure message="${text}"/></testcase>`;
    case 'error':
      return `${head}><error message="${text}"/></testcase>`;
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};
/** Everything that XML 1.0 §2.2 does not allow as a character, even as a reference: lone surrogates among it. */
const NOT_XML = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/** Text for an attribute or an element, whatever it holds. */
export const xmlText = (text: string): string =>
  text.replace(NOT_XML, '\u{fffd}').replace(/[&<>"'\n\r\t]/g, (c) => ENTITIES[c] ?? c);
