import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readUserConfig, userConfigPath } from './user-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'waybook-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (text: string): string => {
  const path = join(folder, 'config.json');
  writeFileSync(path, text);
  return path;
};

describe('user configuration', () => {
  it('is empty where there is no file', () => {
    expect(readUserConfig(join(folder, 'none.json'))).toEqual({ robots: {}, trusted: true });
  });

  it('reads robots and a model endpoint', () => {
    const text =
      '{"robots":{"lab":{"url":"ws://10.0.0.2:9090","profile":{"name":"x"}}},"openai":{"baseUrl":"http://127.0.0.1:8080/v1","model":"m"}}';
    expect(readUserConfig(file(text))).toEqual({
      trusted: true,
      robots: { lab: { url: 'ws://10.0.0.2:9090', profile: { name: 'x' } } },
      openai: { baseUrl: 'http://127.0.0.1:8080/v1', model: 'm' },
    });
  });

  it.each([
    ['{', /no JSON/],
    ['[]', /not an object/],
    ['{"robots":{"lab":{}}}', /robots\.lab\.url/],
    ['{"openai":{"baseUrl":"x"}}', /openai\.model/],
  ])('says what is wrong with %s', (text, message) => {
    expect(() => readUserConfig(file(text))).toThrow(message);
  });

  it('is where the environment says', () => {
    expect(userConfigPath({ WAYBOOK_CONFIG: '/a/b.json' })).toBe('/a/b.json');
    expect(userConfigPath({ XDG_CONFIG_HOME: '/c' })).toBe(join('/c', 'waybook', 'config.json'));
  });
});
