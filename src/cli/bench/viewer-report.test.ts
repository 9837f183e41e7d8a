import { describe, expect, it } from 'vitest';
import { parseViewerReport, printViewerReport } from './viewer-report.ts';

const figure = {
  name: 'median frame, 1,000,000 points',
  viewer: 10.456,
  bare: 12,
  unit: 'ms',
  must: 'at most 1.1x',
  holds: true,
  note: '0.87x',
};

describe('the viewer’s report', () => {
  it('prints every figure beside the bare one, and what it must be', () => {
    const text = printViewerReport(
      parseViewerReport(
        JSON.stringify({
          machine: 'Chromium',
          figures: [figure, { ...figure, name: 'live contexts', holds: false, unit: '', viewer: 2 }],
        }),
      ),
    );
    expect(text).toMatch(/^Chromium\n/);
    expect(text).toMatch(/10\.5 ms +12 ms +at most 1\.1x +holds +0\.87x/);
    expect(text).toMatch(/live contexts +2 +12 +at most 1\.1x +does not hold/);
  });

  it('refuses what is no report', () => {
    expect(() => parseViewerReport('')).toThrow('printed no report');
    expect(() => parseViewerReport('{"rows":[]}')).toThrow('printed no report');
  });
});
