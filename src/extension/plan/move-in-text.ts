import { parse } from 'jsonc-parser';
import type { WaypointEdit } from '../../core/viewer-messages.ts';
import { placeholdersIn } from '../../notebook/file/parameters.ts';
import { formatOrientation, formatPosition, locateWaypoints } from '../language/waypoint-locations.ts';

export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export type MoveResult =
  { readonly replacements: readonly Replacement[] } | { readonly refused: 'gone' | 'frame' | 'parameter' };

/**
 * The replacements that put one waypoint at another pose (in base) and leave every other character as it is. Refused
 * where the waypoint is no longer the one that was dragged, where its numbers are not in base, and where some of it is
 * given by parameters.
 */
export function moveInText(
  text: string,
  { waypoint, label, position, orientation }: Omit<WaypointEdit, 'type' | 'cell'>,
): MoveResult {
  const found = locateWaypoints(text)[waypoint];
  // Numbers that a parameter gives are changed where it is declared.
  if (found && placeholdersIn(text.slice(found.span.start, found.span.end)).length > 0)
    return { refused: 'parameter' };
  if (!found?.position || found.label !== label) return { refused: 'gone' };
  if (!isInBase(text, waypoint)) return { refused: 'frame' };
  const replacements: Replacement[] = [
    { start: found.position.start, end: found.position.end, text: formatPosition(position) },
  ];
  if (found.orientation) {
    replacements.push({
      start: found.orientation.start,
      end: found.orientation.end,
      text: formatOrientation(orientation),
    });
  }
  return { replacements };
}

function isInBase(text: string, waypoint: number): boolean {
  const body = parse(text) as { frame?: unknown; waypoints?: { frame?: unknown }[] } | undefined;
  const frame = body?.waypoints?.[waypoint]?.frame ?? body?.frame ?? 'base';
  return frame === 'base';
}
