import { describe, expect, it } from 'vitest';
import { readNotebook } from '../../notebook/file/read-notebook.ts';
import { patchFrontMatter } from './front-matter-edit.ts';

describe('patchFrontMatter', () => {
  const raw = '---\n# what runs it\nwaybook: 1\nrobot: sim:tabletop?seed=7 # mine\nodd: [1, 2]\n---\n\n';

  it('changes one key and keeps comments, order and the rest', () => {
    const text = patchFrontMatter(raw, { robot: 'sim:stack?seed=3' }, '\n');
    expect(text).toBe(raw.replace('sim:tabletop?seed=7', 'sim:stack?seed=3'));
  });

  it('takes a key away and adds one', () => {
    const text = patchFrontMatter(raw, { robot: undefined, planner: 'openai' }, '\n');
    const { frontMatter } = readNotebook(text, 'test');
    expect(frontMatter.robot).toBeUndefined();
    expect(frontMatter.planner).toBe('openai');
    expect(frontMatter.unknown).toEqual({ odd: [1, 2] });
  });

  it('makes front matter where there is none, and keeps CRLF', () => {
    expect(
      readNotebook(patchFrontMatter('', { robot: 'sim:push?seed=1' }, '\n'), 'test').frontMatter.robot,
    ).toBe('sim:push?seed=1');
    expect(patchFrontMatter(raw.replaceAll('\n', '\r\n'), { planner: 'x' }, '\r\n')).not.toMatch(/[^\r]\n/);
  });
});
