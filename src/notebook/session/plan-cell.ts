import type { Waypoint } from '../../core/waypoint.ts';
import type { NotebookCell, NotebookDocument } from '../file/document.ts';

/** Decimals kept in the file: a tenth of a millimetre, and enough for a unit quaternion. */
const POSITION_DECIMALS = 4;
const ORIENTATION_DECIMALS = 5;

/** JSON of a plan as the notebook holds it: one waypoint a line, so that a diff shows which one moved. */
export function planBody(waypoints: readonly Waypoint[]): string {
  const rows = waypoints.map((waypoint) => {
    const fields = {
      label: waypoint.label,
      position: waypoint.position.map((v) => rounded(v, POSITION_DECIMALS)),
      orientation: waypoint.orientation.map((v) => rounded(v, ORIENTATION_DECIMALS)),
      gripper: rounded(waypoint.gripper, 2),
      radius: rounded(waypoint.radius, 3),
    };
    const text = Object.entries(fields).map(([key, value]) => {
      const json = Array.isArray(value) ? `[${value.join(', ')}]` : JSON.stringify(value);
      return `"${key}": ${json}`;
    });
    return `    { ${text.join(', ')} }`;
  });
  return ['{', '  "frame": "base",', '  "waypoints": [', rows.join(',\n'), '  ]', '}'].join('\n');
}

/** Adding zero turns -0, which would show as a change in a diff, into 0. */
const rounded = (value: number, decimals: number): number => Number(value.toFixed(decimals)) + 0;

/**
 * The waypoints cell that an instruction's plan belongs in: the one that says `plan=ID`; else the id that an execute
 * cell after it is already waiting for; else a new id of its own.
 */
export function waypointsCellFor(
  document: NotebookDocument,
  instruction: NotebookCell,
): { id: string; existing?: NotebookCell } {
  const existing = document.cells.find(
    (c) => c.kind === 'waypoints' && c.attributes['plan'] === instruction.id,
  );
  if (existing?.id !== undefined) return { id: existing.id, existing };
  const known = new Set(document.cells.map((c) => c.id));
  const after = document.cells.slice(document.cells.indexOf(instruction) + 1);
  for (const cell of after) {
    if (cell.kind === 'instruction') break;
    const wanted = cell.kind === 'execute' ? cell.attributes['trajectory'] : undefined;
    if (wanted !== undefined && !known.has(wanted)) return { id: wanted };
  }
  let id = `${instruction.id ?? 'plan'}-plan`;
  for (let n = 2; known.has(id); n++) id = `${instruction.id ?? 'plan'}-plan-${n}`;
  return { id };
}
