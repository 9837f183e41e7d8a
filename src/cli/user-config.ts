import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { messageOf, WaybookError } from '../core/errors.ts';
import { isObject } from '../core/is-object.ts';
import type { SessionConfiguration } from '../notebook/session/session-api.ts';

/** `$XDG_CONFIG_HOME/waybook/config.json`, else `~/.config/waybook/config.json`; `WAYBOOK_CONFIG` names another file. */
export function userConfigPath(env: NodeJS.ProcessEnv = process.env): string {
  const named = env['WAYBOOK_CONFIG'];
  if (named !== undefined && named !== '') return named;
  const base = env['XDG_CONFIG_HOME'];
  return join(
    base !== undefined && base !== '' ? base : join(homedir(), '.config'),
    'waybook',
    'config.json',
  );
}

/**
 * Robots and model endpoints of this machine: what VS Code keeps in its machine settings. An absent file is an empty
 * configuration. Keys: `robots` (name to `{url, profile, token?, ca?}`), `openai` (`{baseUrl, model, apiKey?}`).
 * Throws `input/format` or `input/schema` that names the file and the key.
 */
export function readUserConfig(path = userConfigPath()): SessionConfiguration {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return { robots: {}, trusted: true };
    throw new WaybookError('input/file', `The user configuration ${path} cannot be read.`, { cause: error });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new WaybookError('input/format', `The user configuration ${path} is no JSON: ${messageOf(error)}`);
  }
  if (!isObject(value)) throw wrong(path, 'it is not an object');
  const robots = value['robots'] ?? {};
  if (!isObject(robots)) throw wrong(path, '"robots" is not an object');
  return {
    trusted: true,
    robots: Object.fromEntries(
      Object.entries(robots).map(([name, robot]) => [name, endpointOf(robot, name, path)]),
    ),
    ...(value['openai'] === undefined ? {} : { openai: modelOf(value['openai'], path) }),
  };
}

function endpointOf(value: unknown, name: string, path: string): SessionConfiguration['robots'][string] {
  if (!isObject(value)) throw wrong(path, `robots.${name} is not an object`);
  const optional = (key: 'token' | 'ca'): Partial<Record<'token' | 'ca', string>> =>
    value[key] === undefined ? {} : { [key]: textOf(value, key, `robots.${name}`, path) };
  return {
    url: textOf(value, 'url', `robots.${name}`, path),
    profile: value['profile'],
    ...optional('token'),
    ...optional('ca'),
  };
}

function modelOf(value: unknown, path: string): NonNullable<SessionConfiguration['openai']> {
  if (!isObject(value)) throw wrong(path, '"openai" is not an object');
  return {
    baseUrl: textOf(value, 'baseUrl', 'openai', path),
    model: textOf(value, 'model', 'openai', path),
    ...(value['apiKey'] === undefined ? {} : { apiKey: textOf(value, 'apiKey', 'openai', path) }),
  };
}

function textOf(value: Record<string, unknown>, key: string, at: string, path: string): string {
  const found = value[key];
  if (typeof found === 'string' && found !== '') return found;
  throw wrong(path, `${at}.${key} is not a text`);
}

const wrong = (path: string, why: string): WaybookError =>
  new WaybookError('input/schema', `The user configuration ${path} cannot be used: ${why}.`);
