import * as vscode from 'vscode';
import { languageOfKind } from '../notebook/cell-data.ts';
import { locateWaypoints, waypointAt } from './waypoint-locations.ts';

/** Hover over a waypoint: its number, how far it is from the base, which way the tool points. */
export const registerWaypointHover = (): vscode.Disposable =>
  vscode.languages.registerHoverProvider(
    { language: languageOfKind('waypoints'), notebookType: 'waybook' },
    {
      provideHover(document, position) {
        const found = waypointAt(locateWaypoints(document.getText()), document.offsetAt(position));
        if (!found?.position) return undefined;
        const [x, y, z] = found.position.value;
        const lines = [
          `**${vscode.l10n.t('Waypoint {0}', found.index + 1)}** ${found.label}`,
          vscode.l10n.t('{0} m from the base, {1} m above it', Math.hypot(x, y, z).toFixed(3), z.toFixed(3)),
        ];
        const approach = found.orientation && approachOf(found.orientation.value);
        if (approach !== undefined)
          lines.push(vscode.l10n.t('The tool is {0}° from pointing straight down', approach.toFixed(0)));
        lines.push(vscode.l10n.t('x forward, y left, z up; a breakpoint here pauses before the approach'));
        const range = new vscode.Range(
          document.positionAt(found.span.start),
          document.positionAt(found.span.end),
        );
        return new vscode.Hover(new vscode.MarkdownString(lines.join('  \n')), range);
      },
    },
  );

/** Angle [deg] between the tool's approach axis and straight down; undefined for what is no quaternion. */
export function approachOf(quaternion: readonly number[]): number | undefined {
  const [x, y, , w] = quaternion;
  if (quaternion.length !== 4 || x === undefined || y === undefined || w === undefined) return undefined;
  const norm = Math.hypot(...quaternion);
  if (norm < 1e-9) return undefined;
  // Third column of the rotation matrix, its z component.
  const z = 1 - (2 * (x * x + y * y)) / (norm * norm);
  return (Math.acos(Math.min(1, Math.max(-1, -z))) * 180) / Math.PI;
}
