import { applyEdits, findNodeAtLocation, modify, parseTree } from 'jsonc-parser';

/** A waypoint as a cell's body has it. */
export interface WrittenWaypoint {
  readonly label: string;
  readonly frame?: { readonly object: string };
  readonly position: readonly number[];
  readonly orientation: readonly number[];
  readonly gripper: number;
  readonly radius: number;
}

const FORMAT = { formattingOptions: { insertSpaces: true, tabSize: 2 } };

/** The body of a waypoints cell with one more at its end; undefined where it is no such body. */
export function appendWaypoint(text: string, waypoint: WrittenWaypoint): string | undefined {
  const tree = parseTree(text.trim() === '' ? '{}' : text);
  if (tree?.type !== 'object') return undefined;
  const list = findNodeAtLocation(tree, ['waypoints']);
  if (list && list.type !== 'array') return undefined;
  const base = text.trim() === '' ? '{}' : text;
  const at = list?.children?.length ?? 0;
  const framed =
    findNodeAtLocation(tree, ['frame']) === undefined
      ? applyEdits(base, modify(base, ['frame'], 'base', FORMAT))
      : base;
  return applyEdits(
    framed,
    modify(framed, ['waypoints', at], waypoint, { ...FORMAT, isArrayInsertion: true }),
  );
}

const rounded = (values: readonly number[], digits: number): number[] =>
  values.map((value) => Number(value.toFixed(digits)));

/** Tenths of a millimetre and a quaternion that is still of unit length: more would only look exact. */
export const writtenPose = (pose: {
  position: readonly number[];
  orientation: readonly number[];
}): Pick<WrittenWaypoint, 'position' | 'orientation'> => ({
  position: rounded(pose.position, 4),
  orientation: rounded(pose.orientation, 5),
});
