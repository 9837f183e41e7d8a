import * as vscode from 'vscode';
import type { Vec3 } from '../../core/geometry.ts';
import { distance } from '../../core/geometry.ts';
import type { TouchedPoint } from '../../notebook/session/manual/hand-eye.ts';
import { changeProfile } from './robot-actions.ts';
import { ManualClient, type RobotSetup } from './manual-client.ts';

/**
 * The hand-eye check: three points or more that the camera sees are touched with the closed fingertips, guided by hand or
 * jogged; the differences are the camera's error. What was measured goes into the profile, and arming is refused above
 * its limit.
 */
export async function checkCamera(setup: RobotSetup): Promise<void> {
  const { t } = vscode.l10n;
  const client = new ManualClient(setup);
  const points: TouchedPoint[] = [];
  for (;;) {
    const seen = await pointSeen(points.length + 1);
    if (seen === undefined) break;
    const go = await vscode.window.showQuickPick(
      [
        { label: t('It touches the point now'), touches: true },
        { label: t('Stop here'), touches: false },
      ],
      {
        title: t('Point {0}: guide the closed fingertips onto it, then answer', points.length + 1),
        ignoreFocusOut: true,
      },
    );
    if (go?.touches !== true) break;
    const recorded = await client.do({ kind: 'record' });
    if (recorded.kind !== 'recorded') return;
    const touched = recorded.pose.position;
    points.push({ label: `${points.length + 1}`, seen, touched });
    const mm = (1000 * distance(seen, touched)).toFixed(1);
    void vscode.window.showInformationMessage(t('Point {0}: {1} mm apart.', points.length, mm));
  }
  if (points.length === 0) return;
  const judged = await client.do({ kind: 'hand-eye', points });
  if (judged.kind !== 'hand-eye') return;
  const { verdict, text, most } = judged.report;
  if (verdict === 'refuse') void vscode.window.showErrorMessage(text);
  else if (verdict === 'good') void vscode.window.showInformationMessage(text);
  else void vscode.window.showWarningMessage(text);
  if (verdict === 'few' || client.isSimulator) return;
  const date = new Date().toISOString().slice(0, 10);
  await changeProfile(client.robot, (profile) => ({
    ...profile,
    handEye: { ...(profile['handEye'] as object | undefined), measured: Number(most.toFixed(4)), date },
  }));
}

/** Coordinates in base, as a click on a cloud's point shows them. */
async function pointSeen(number: number): Promise<Vec3 | undefined> {
  const { t } = vscode.l10n;
  const parse = (text: string): Vec3 | undefined => {
    const [x, y, z, ...rest] = text
      .split(/[\s,;]+/)
      .filter((part) => part !== '')
      .map(Number);
    if (x === undefined || y === undefined || z === undefined || rest.length > 0) return undefined;
    return [x, y, z].every(Number.isFinite) ? [x, y, z] : undefined;
  };
  const text = await vscode.window.showInputBox({
    title: t('Camera check, point {0}', number),
    prompt: t(
      'Where the camera sees a marked point: x, y, z in m (pick it in the 3D view of a capture). Escape ends.',
    ),
    placeHolder: '0.45, 0.10, 0.02',
    ignoreFocusOut: true,
    validateInput: (value) => (parse(value) ? undefined : t('Three numbers')),
  });
  return text === undefined ? undefined : parse(text);
}
