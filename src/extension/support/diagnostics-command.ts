import * as vscode from 'vscode';
import { existsSync } from 'node:fs';
import { SIMULATOR, type Sessions } from '../session/sessions.ts';
import type { LinkStatuses } from '../status/robot-status.ts';
import * as settings from './settings.ts';

/** A report for people and bug trackers: versions, processes, links and settings; no URL, path or credential. */
export async function showDiagnostics(
  extension: vscode.Extension<unknown>,
  sessions: Sessions,
  links: LinkStatuses,
): Promise<void> {
  const { version } = extension.packageJSON as { version: string };
  const file = (name: string): string =>
    existsSync(vscode.Uri.joinPath(extension.extensionUri, 'dist', name).fsPath) ? 'there' : 'missing';
  const processes = sessions
    .alive()
    .map(
      ([target, client]) =>
        `- ${target}: process ${client.pid ?? '?'}, ${links.get(target)?.state ?? 'no link yet'}`,
    );
  const { robots, problems } = settings.robots();
  const models = await vscode.lm.selectChatModels().then(
    (found) => found.map(({ name }) => name),
    () => [],
  );
  const report = [
    '# Waybook diagnostics',
    '',
    `- Waybook ${version}, VS Code ${vscode.version} (${vscode.env.appHost}, ${vscode.env.uiKind === vscode.UIKind.Web ? 'web' : 'desktop'})`,
    `- Node ${process.versions.node} on ${process.platform} ${process.arch}`,
    `- Workspace: ${vscode.workspace.isTrusted ? 'trusted' : 'restricted'}`,
    '',
    '## Parts',
    ...['motion.mjs', 'simulator.mjs', 'expert.mjs', 'mujoco.wasm', 'renderer.mjs', 'inspector.mjs'].map(
      (name) => `- ${name}: ${file(name)}`,
    ),
    '',
    '## Processes',
    ...(processes.length > 0 ? processes : ['- none; the first run starts one']),
    '',
    '## Settings',
    `- Planner ${settings.planner()}, refiner ${settings.refiner()}, pace ${settings.pace() ?? 'unlimited'}`,
    `- Robots: ${Object.keys(robots).join(', ') || 'none'}${problems.length > 0 ? ` (${problems.join('; ')})` : ''}`,
    `- Limits: ${JSON.stringify(settings.limits())}`,
    `- Language models of VS Code: ${models.join(', ') || 'none'}`,
    `- Simulator: ${links.get(SIMULATOR)?.state ?? 'not started'}`,
    '',
  ];
  const document = await vscode.workspace.openTextDocument({
    language: 'markdown',
    content: report.join('\n'),
  });
  await vscode.window.showTextDocument(document, { preview: true });
}
