import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XMLValidator } from 'fast-xml-parser';
import { afterAll, describe, expect, it } from 'vitest';
import type { EpisodeRecord } from '../../../evaluation/record.ts';
import { barChart } from './bar-chart.ts';
import { learningCurves, parseCurves } from './learning-curves.ts';
import { lineChart } from './line-chart.ts';
import { writeFigures } from './write-figures.ts';

const folder = mkdtempSync(join(tmpdir(), 'waybook-figures-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const record = (method: string, condition: string, seed: number, success: boolean): EpisodeRecord => ({
  key: `${method} ${condition} ${seed}`,
  task: 'stack',
  seed,
  condition,
  method,
  result: { outcome: success ? 'success' : 'task', reason: '', ms: 1 },
});

/** The heights of the texts beside the plot, and what they say. */
const labels = (svg: string): { y: number; text: string }[] =>
  [...svg.matchAll(/<text x="6\d\d(?:\.\d)?" y="([\d.]+)"[^>]*>([^<]*)</g)].map(([, y, text]) => ({
    y: Number(y),
    text: text!,
  }));

describe('lineChart', () => {
  const svg = lineChart({
    title: 'A & B < C',
    subtitle: 's',
    xTitle: 'x',
    x: { labels: ['0', '10'] },
    series: ['a', 'b', 'c', 'd'].map((name) => ({
      name,
      points: [
        { x: 0, y: 0.5 },
        { x: 1, y: 0.01, low: 0, high: 0.1 },
      ],
    })),
  });

  it('is well-formed, whatever the words', () => {
    expect(XMLValidator.validate(svg)).toBe(true);
    expect(svg).toContain('A &amp; B &lt; C');
  });

  it('keeps the names of lines that end together apart, and on the picture', () => {
    const ends = labels(svg).sort((a, b) => a.y - b.y);
    expect(ends.map((end) => end.text[0]).sort()).toEqual(['a', 'b', 'c', 'd']);
    for (let i = 1; i < ends.length; i++) expect(ends[i]!.y - ends[i - 1]!.y).toBeGreaterThanOrEqual(14);
    expect(ends.at(-1)!.y).toBeLessThan(400);
  });
});

describe('barChart', () => {
  it('draws shares below 0 and above 100 % inside the picture', () => {
    const svg = barChart({
      title: 't',
      subtitle: 's',
      bars: [
        { name: 'a', value: -0.4, low: -0.9, high: 0.1, note: '' },
        { name: 'b', value: 1.2, low: 1, high: 1.5, note: '' },
      ],
    });
    expect(XMLValidator.validate(svg)).toBe(true);
    for (const [, x] of svg.matchAll(/x[12]?="(-?[\d.]+)"/g)) {
      expect(Number(x)).toBeGreaterThanOrEqual(0);
      expect(Number(x)).toBeLessThanOrEqual(760);
    }
  });
});

describe('writeFigures', () => {
  it('draws only episodes that every method finished', async () => {
    const seeds = [0, 1, 2, 3];
    const records = ['exact', 'shared=20'].flatMap((condition) => [
      ...seeds.map((seed) => record('spline', condition, seed, seed < 2)),
      ...seeds.slice(0, 2).map((seed) => record('expert', condition, seed, true)),
    ]);
    const [path] = await writeFigures(folder, records, []);
    expect(path).toMatch(/success-by-noise\.svg$/);
    const svg = readFileSync(path!, 'utf8');
    expect(svg).toContain('1 tasks, 2 paired episodes a point');
    expect(labels(svg).map((end) => end.text)).toEqual(
      expect.arrayContaining(['spline  100 %', 'expert  100 %']),
    );
  });

  it('draws nothing of one place only', async () => {
    expect(await writeFigures(folder, [record('spline', 'exact', 0, true)], [])).toEqual([]);
  });
});

describe('learning curves', () => {
  it('are means over training seeds', () => {
    const points = [1, 2].flatMap((seed) =>
      [1000, 10_000].map((samples) => ({
        series: 'appf',
        seed,
        samples,
        value: seed * 0.2 + samples / 100_000,
      })),
    );
    const svg = learningCurves(parseCurves(JSON.stringify(points)))!;
    expect(XMLValidator.validate(svg)).toBe(true);
    expect(svg).toContain('10,000');
    expect(labels(svg)[0]!.text).toBe('appf  40 %');
  });

  it('refuses what is no curve', () => {
    expect(() => parseCurves('{}')).toThrow(/list of points/);
    expect(() => parseCurves('[{"series":"a"}]')).toThrow(/needs series, seed, samples/);
    expect(learningCurves([])).toBeUndefined();
  });
});
