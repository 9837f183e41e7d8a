// One configuration for `vscode-test`: a desktop VS Code where VSCODE_EXECUTABLE names one, else code-server through
// the stand-in launcher on Linux, else one that is downloaded (also with WAYBOOK_VSCODE_DOWNLOAD=1).
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@vscode/test-cli';

const root = dirname(fileURLToPath(import.meta.url));
const executable = process.env.VSCODE_EXECUTABLE;
if (executable && !existsSync(executable)) throw new Error(`VSCODE_EXECUTABLE names no file: ${executable}`);
const download = process.env.WAYBOOK_VSCODE_DOWNLOAD === '1' || process.platform !== 'linux';
const launcher = join(root, 'scripts/vscode/code.mjs');
const useInstallation = executable ? { fromPath: executable } : download ? undefined : { fromPath: launcher };

/** A suite with a fresh profile and workspace of its own. */
function suite(
  label,
  files,
  { settings = {}, env = {}, session = join(root, 'test/vscode/fake-session.mjs') } = {},
) {
  const base = join(root, 'out/vscode', label);
  rmSync(base, { recursive: true, force: true });
  const workspace = join(base, 'workspace');
  const user = join(base, 'user');
  mkdirSync(workspace, { recursive: true });
  mkdirSync(join(user, 'User'), { recursive: true });
  writeFileSync(join(user, 'User', 'settings.json'), JSON.stringify(settings));
  return {
    label,
    files,
    workspaceFolder: workspace,
    extensionDevelopmentPath: [
      root,
      join(root, 'test/vscode/extensions/empty'),
      join(root, 'test/vscode/extensions/model'),
    ],
    ...(useInstallation ? { useInstallation } : {}),
    launchArgs: ['--disable-extensions', `--user-data-dir=${user}`],
    env: {
      WAYBOOK_SESSION_PROCESS: session,
      WAYBOOK_TEST_WORKSPACE: workspace,
      ...env,
    },
    mocha: { ui: 'bdd', timeout: 240_000, color: true },
  };
}

export default defineConfig([
  // A window of its own, in which nothing has activated the extension before.
  suite('activation', 'out/vscode/suite/activation.test.cjs', {
    settings: { 'security.workspace.trust.enabled': false },
  }),
  suite('trusted', 'out/vscode/suite/!(trust|activation|session).test.cjs', {
    settings: { 'security.workspace.trust.enabled': false },
  }),
  // The session that ships, with its simulator.
  suite('session', 'out/vscode/suite/session.test.cjs', {
    settings: { 'security.workspace.trust.enabled': false },
    session: join(root, 'dist/motion.mjs'),
  }),
  suite('restricted', 'out/vscode/suite/trust.test.cjs', {
    settings: { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never' },
    env: { WAYBOOK_VSCODE_TRUST: '1' },
  }),
]);
