import { describe, expect, it } from 'vitest';
import { captureCellOf, isCaptureFile } from './capture-file.ts';
import { parseCaptureBody } from './cell-bodies.ts';
import { readNotebook } from './read-notebook.ts';

describe('a capture cell for a file', () => {
  it('reads that file, under a name of its own', () => {
    const { id, body } = captureCellOf('captures\\Table scan.PCD', new Set(['table-scan']));
    expect(id).toBe('table-scan-2');
    const text = `\`\`\`json capture {#${id}}\n${body}\n\`\`\`\n`;
    const [cell] = readNotebook(text, 'a.waybook.md').cells;
    if (!cell) throw new Error('no cell');
    expect(cell.id).toBe(id);
    expect(parseCaptureBody(cell, {})).toMatchObject({ file: 'captures/Table scan.PCD' });
  });

  it('has an id also where the name has no letters', () => {
    expect(captureCellOf('2026.ply', new Set()).id).toBe('capture');
    expect(captureCellOf('测量.ply', new Set(['capture'])).id).toBe('capture-2');
  });

  it.each(['../a.pcd', '/home/a.pcd', 'C:\\a.pcd', 'a.txt', 'pcd', ''])('is refused for "%s"', (path) => {
    expect(() => captureCellOf(path, new Set())).toThrow(expect.objectContaining({ code: 'input/usage' }));
  });

  it('is for clouds only', () => {
    expect(['a.pcd', 'b.LAZ', 'c.mcap', 'a.pcd.txt'].map(isCaptureFile)).toEqual([true, true, true, false]);
  });
});
