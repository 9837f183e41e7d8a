import { describe, expect, it } from 'vitest';
import { readNotebook } from '../notebook/file/read-notebook.ts';
import { runText, withRobot } from './run-text.ts';

const NOTEBOOK = `---
waybook: 1
robot: sim:stack?seed=7&distractors=2
# how far above the table
params:
  height: 0.1
  seed: 3
---
# Stack

\`\`\`instruction {#go}
stack the red cube on the green cube
\`\`\`
`;

describe('runText', () => {
  it('writes the values into the front matter and leaves the cells alone', () => {
    const text = runText(NOTEBOOK, 'stack', {
      seed: 12,
      noise: 0.01,
      refiner: 'snap',
      obstacles: 1,
      height: 0.2,
    });
    const { frontMatter } = readNotebook(text, 'stack');
    expect(frontMatter).toMatchObject({
      robot: 'sim:stack?seed=12&detection-noise=10mm&distractors=2&obstacles=1',
      refiner: 'snap',
      params: { height: 0.2 },
    });
    expect(text.slice(text.indexOf('# Stack'))).toBe(NOTEBOOK.slice(NOTEBOOK.indexOf('# Stack')));
    expect(text).toContain('# how far above the table');
  });

  it('takes the seed of the parameters before that of the address', () => {
    expect(readNotebook(runText(NOTEBOOK, 'stack', {}), 'stack').frontMatter.robot).toContain('seed=3');
  });

  it('keeps a notebook without front matter', () => {
    const text = runText('# Hello\n', 'hello', { seed: 1 });
    expect(readNotebook(text, 'hello').frontMatter.robot).toBe('sim:tabletop?seed=1');
    expect(text.endsWith('---\n# Hello\n')).toBe(true);
  });

  it('refuses what would change nothing, and a real robot', () => {
    expect(() => runText(NOTEBOOK, 'stack', { hieght: 1 })).toThrow(/no parameter "hieght"/);
    expect(() => runText(NOTEBOOK, 'stack', { seed: 'x' })).toThrow(/not a whole number/);
    const real = withRobot(NOTEBOOK, 'stack', 'my-panda');
    expect(() => runText(real, 'stack', { seed: 1 })).toThrow(/for the robot "my-panda"/);
  });
});
