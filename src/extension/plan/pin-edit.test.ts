import { describe, expect, it } from 'vitest';
import { readNotebook } from '../../notebook/file/read-notebook.ts';
import { withPin } from './pin-edit.ts';

const raw = '---\n# what runs it\nwaybook: 1\nrobot: sim:tabletop?seed=7 # mine\n---\n\n';
const pinsOf = (text: string) => readNotebook(text, 'test').frontMatter.pins;

describe('withPin', () => {
  it('adds pins, one more, and moves one, and leaves the rest as it was', () => {
    const one = withPin(raw, 'butter', { at: [0.4, 0.1, 0.02] }, '\n');
    expect(one).toBe(raw.replace('# mine\n', '# mine\npins:\n  "butter": [0.4, 0.1, 0.02]\n'));
    const two = withPin(one, 'drawer handle', { at: [0.55, 0, 0.1], opens: [-1, 0, 0] }, '\n');
    expect(pinsOf(two)).toEqual({
      butter: { at: [0.4, 0.1, 0.02] },
      'drawer handle': { at: [0.55, 0, 0.1], opens: [-1, 0, 0] },
    });
    const moved = withPin(two, 'butter', { at: [0.5, 0.12345, 0.02] }, '\n');
    expect(moved).toBe(two.replace('[0.4, 0.1, 0.02]', '[0.5, 0.1235, 0.02]').replace('0.1235', '0.1235'));
  });

  it('pins a handle on a hinge, in CRLF and where there is no front matter', () => {
    const hinge = { origin: [0.6, 0.1, 0.1], axis: [0, 0, 1] } as const;
    const text = withPin(raw.replaceAll('\n', '\r\n'), 'door handle', { at: [0.5, 0.3, 0.1], hinge }, '\r\n');
    expect(text).not.toMatch(/[^\r]\n/);
    expect(pinsOf(text)).toEqual({ 'door handle': { at: [0.5, 0.3, 0.1], hinge } });
    expect(pinsOf(withPin('', 'lid', { at: [0.5, 0, 0.1] }, '\n'))).toEqual({ lid: { at: [0.5, 0, 0.1] } });
  });

  it('reads pins in another style, and names that YAML would take for something else', () => {
    const flow = raw.replace('# mine\n', '# mine\npins: { lid: [0.5, 0, 0.1] }\n');
    const text = withPin(flow, 'no: 1', { at: [0.4, 0, 0.1] }, '\n');
    expect(pinsOf(text)).toEqual({ lid: { at: [0.5, 0, 0.1] }, 'no: 1': { at: [0.4, 0, 0.1] } });
    expect(text).toContain('# mine');
  });
});
