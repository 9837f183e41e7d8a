import * as vscode from 'vscode';
import { parse } from 'jsonc-parser';
import { outputMetadata } from '../outputs/cell-output.ts';
import type { Staleness } from '../outputs/staleness.ts';
import { idOf } from '../notebook/cells.ts';
import type { FailedCells } from './failed-cells.ts';
import { cellOf } from './notebook-references.ts';
import { languageOfKind } from '../notebook/cell-data.ts';
import { locateWaypoints, waypointAt } from './waypoint-locations.ts';

/** Hover over a waypoint: its number and frame, how far it is, which way the tool points, and whether the arm gets there. */
export const registerWaypointHover = (failed: FailedCells, staleness: Staleness): vscode.Disposable =>
  vscode.languages.registerHoverProvider(
    { language: languageOfKind('waypoints'), notebookType: 'waybook' },
    {
      provideHover(document, position) {
        const found = waypointAt(locateWaypoints(document.getText()), document.offsetAt(position));
        if (!found?.position) return undefined;
        const [x, y, z] = found.position.value;
        const frame = frameOf(document.getText(), found.index);
        const far = Math.hypot(x, y, z).toFixed(3);
        const lines = [
          `**${vscode.l10n.t('Waypoint {0}', found.index + 1)}** ${found.label}`,
          frame === undefined
            ? vscode.l10n.t('In base: {0} m from it, {1} m above it', far, z.toFixed(3))
            : vscode.l10n.t('In the frame of {0}, found again at each capture: {1} m from it', frame, far),
        ];
        const reached = reachOf(document, found.index, failed, staleness);
        if (reached !== undefined) lines.push(reached);
        const approach = found.orientation && approachOf(found.orientation.value);
        if (approach !== undefined)
          lines.push(vscode.l10n.t('The tool is {0}° from pointing straight down', approach.toFixed(0)));
        lines.push(vscode.l10n.t('x forward, y left, z up; a breakpoint here pauses before the approach'));
        const range = new vscode.Range(
          document.positionAt(found.span.start),
          document.positionAt(found.span.end),
        );
        return new vscode.Hover(new vscode.MarkdownString(lines.join('  \n'), true), range);
      },
    },
  );

/** The object that a waypoint is written relative to; undefined for base. */
function frameOf(text: string, index: number): string | undefined {
  const body = parse(text) as
    { frame?: unknown; waypoints?: readonly ({ frame?: unknown } | undefined)[] } | undefined;
  const frame = body?.waypoints?.[index]?.frame ?? body?.frame;
  if (typeof frame !== 'object' || frame === null) return undefined;
  const { object } = frame as { object?: unknown };
  return typeof object === 'string' ? object : undefined;
}

/** What refining said last of getting there; undefined where it has not been asked since the text changed. */
function reachOf(
  document: vscode.TextDocument,
  index: number,
  failed: FailedCells,
  staleness: Staleness,
): string | undefined {
  const cell = cellOf(document);
  const id = cell && idOf(cell);
  if (!cell || id === undefined || staleness.reason(cell.notebook, id) !== undefined) return undefined;
  const failure = failed.get(cell.notebook, id);
  if (failure) return failure.details.place?.waypoint === index ? `$(error) ${failure.message}` : undefined;
  const output = outputMetadata(cell);
  return output?.kind === 'refined' && output.ok
    ? vscode.l10n.t('The arm reaches it: refined and validated as written')
    : undefined;
}

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
