import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { depthFormat, geminiFormat, qwenFormat, spatialFormat } from './spatial-format.ts';
import { numberLists } from './number-lists.ts';

describe('point formats', () => {
  it('reads Qwen-VL as x, y', () => {
    const text = '```json\n[{"point_2d": [250, 700], "label": "red cube"},]\n```';
    expect(qwenFormat.parse(text)).toEqual([{ x: 250, y: 700, label: 'red cube' }]);
  });

  it('reads Gemini as y, x', () => {
    expect(geminiFormat.parse('[{"point": [700, 250], "label": "red cube"}]')).toEqual([
      { x: 250, y: 700, label: 'red cube' },
    ]);
  });

  it('reads tuples with depth, and JSON with gripper events', () => {
    expect(depthFormat.parse('The waypoints are [(250, 700, 0.81), (300, 650, 0.7)]')).toEqual([
      { x: 250, y: 700, depth: 0.81 },
      { x: 300, y: 650, depth: 0.7 },
    ]);
    expect(depthFormat.parse('[{"point_3d": [10, 20, 0.5], "label": "1", "gripper": "close"}]')).toEqual([
      { x: 10, y: 20, depth: 0.5, label: '1', gripper: 'close' },
    ]);
  });

  it('takes nothing that is out of range, infinite, or of another format', () => {
    for (const text of [
      '[{"point_2d": [1e999, 5]}]',
      '[{"point_2d": [1200, 5]}]',
      '[{"point": [1, 2]}]',
      'nothing',
      '[]',
    ]) {
      expect(qwenFormat.parse(text)).toBeUndefined();
    }
    expect(depthFormat.parse('[(250, 700, -1)]')).toBeUndefined();
    expect(depthFormat.parse('[(250, 700)]')).toBeUndefined();
  });

  it('never evaluates: code in a list is no number', () => {
    expect(numberLists('[(process.exit(1), 2, 3), (4, 5, 6)]').map((l) => l.values)).toEqual([
      [1],
      [4, 5, 6],
    ]);
  });

  it('survives any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const format of [qwenFormat, geminiFormat, depthFormat]) {
          for (const p of format.parse(text) ?? [])
            expect(p.x >= 0 && p.x <= 1000 && p.y >= 0 && p.y <= 1000).toBe(true);
        }
      }),
    );
  });

  it('is chosen by the model’s name, or by setting', () => {
    expect(spatialFormat('gemini-robotics-er-2').id).toBe('gemini');
    expect(spatialFormat('RoboBrain2.5-8B').id).toBe('uvd');
    expect(spatialFormat('whatever', 'gemini').id).toBe('gemini');
    expect(() => spatialFormat('whatever', 'nope')).toThrow(/no point format/);
  });
});
