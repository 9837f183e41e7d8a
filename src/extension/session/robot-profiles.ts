import { readFile } from 'node:fs/promises';
import type { RobotEndpoint } from '../../notebook/session/session-api.ts';
import { WaybookError, messageOf } from '../../core/errors.ts';
import type { Secrets } from '../support/secrets.ts';

/** Reads the profiles that are given by path; settings are the machine's, so the path is the user's own. */
export async function readProfiles(
  robots: Readonly<Record<string, RobotEndpoint>>,
  secrets: Secrets,
  warn: (text: string) => void,
): Promise<Record<string, RobotEndpoint>> {
  const found: Record<string, RobotEndpoint> = {};
  for (const [name, { url, profile, ca }] of Object.entries(robots)) {
    try {
      const read = typeof profile === 'string' ? await readProfile(name, profile) : profile;
      const authority = ca === undefined ? {} : { ca: await readAuthority(name, ca) };
      found[name] = { url, profile: read, token: await secrets.robotToken(name), ...authority };
    } catch (error) {
      // One broken profile must not keep the simulator and the other robots from working.
      warn(messageOf(error));
    }
  }
  return found;
}

/** The settings name a file; a session gets the certificate itself. */
async function readAuthority(name: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new WaybookError(
      'input/file',
      `The certificate authority of robot ${name} cannot be read: ${messageOf(error)}.`,
      { place: { file: path }, hint: 'Correct "ca" in the setting waybook.robots.' },
    );
  }
}

async function readProfile(name: string, path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (error) {
    throw new WaybookError(
      'input/file',
      `The profile of robot ${name} cannot be read: ${messageOf(error)}.`,
      {
        place: { file: path },
        hint: 'Correct the path in the setting waybook.robots.',
      },
    );
  }
}
