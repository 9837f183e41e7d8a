import { describe, expect, it } from 'vitest';
import type { SessionEvent } from '../../notebook/session/session-api.ts';
import { ProgressPrinter } from './progress.ts';

function printed(...events: SessionEvent[]): { out: string; err: string } {
  let [out, err] = ['', ''];
  const io = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    interactive: false,
    signal: new AbortController().signal,
  };
  const printer = new ProgressPrinter(io, io.out);
  for (const event of events) printer.show(event);
  return { out, err };
}

describe('progress of a run', () => {
  it('names each cell by its own phase, also where one has another run first', () => {
    const { out } = printed(
      { kind: 'cell-started', cell: 'grasp', phase: 'refine' },
      { kind: 'cell-started', cell: 'table', phase: 'capture' },
      { kind: 'cell-ended', cell: 'table', outcome: 'succeeded', summary: '12 points' },
      { kind: 'cell-ended', cell: 'grasp', outcome: 'failed', summary: 'out of reach' },
    );
    expect(out.split('\n').map((line) => line.trim().replaceAll(/ +/g, ' '))).toEqual([
      'capture #table 12 points',
      'refine #grasp FAILED: out of reach',
      '',
    ]);
  });

  it('tells of a link that is lost, but not of one that is closed behind a run', () => {
    const lost: SessionEvent = { kind: 'link', state: 'disconnected', reason: 'gone' };
    expect(printed(lost).err).toContain('disconnected: gone');
    expect(printed({ kind: 'run-ended', runId: '1', exitCode: 0 }, lost).err).toBe('');
  });
});
