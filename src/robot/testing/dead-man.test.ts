import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../../robot-side', import.meta.url));
const python = spawnSync('python3', ['--version']).status === 0;

it.skipIf(!python)('the robot-side dead-man decides as its own tests say (they need Python, not ROS)', () => {
  const { status, stderr } = spawnSync('python3', ['-B', '-m', 'unittest', 'discover', folder], {
    encoding: 'utf8',
  });
  expect(stderr).toMatch(/Ran [1-9]\d* tests/);
  expect(status, stderr).toBe(0);
});
