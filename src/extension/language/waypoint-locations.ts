import { findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';

/** A half-open range of characters in a cell's text. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

/** Where one waypoint stands in the JSON of its cell. */
export interface WaypointLocation {
  readonly index: number;
  readonly label: string;
  readonly span: TextSpan;
  /** the array of three numbers, where there is one */
  readonly position?: TextSpan & { readonly value: readonly [number, number, number] };
  readonly orientation?: TextSpan & { readonly value: readonly number[] };
}

/** Waypoints of a cell's text in order; none where it is no JSON. Comments and trailing commas are read over. */
export function locateWaypoints(text: string): WaypointLocation[] {
  const root = parseTree(text, [], { allowTrailingComma: true });
  const list = root && findNodeAtLocation(root, ['waypoints']);
  if (list?.type !== 'array') return [];
  return (list.children ?? []).flatMap((node, index) =>
    node.type === 'object' ? [locate(node, index)] : [],
  );
}

function locate(node: Node, index: number): WaypointLocation {
  const label: unknown = findNodeAtLocation(node, ['label'])?.value;
  const position = numbers(node, 'position');
  const orientation = numbers(node, 'orientation');
  const [x, y, z] = position?.value ?? [];
  return {
    index,
    label: typeof label === 'string' ? label : `${index + 1}`,
    span: spanOf(node),
    position:
      position && x !== undefined && y !== undefined && z !== undefined
        ? { start: position.start, end: position.end, value: [x, y, z] }
        : undefined,
    orientation,
  };
}

function numbers(node: Node, key: string): (TextSpan & { value: number[] }) | undefined {
  const found = findNodeAtLocation(node, [key]);
  if (found?.type !== 'array') return undefined;
  const value = (found.children ?? []).map((child) => child.value as unknown);
  return value.every((v) => typeof v === 'number') ? { ...spanOf(found), value } : undefined;
}

const spanOf = (node: Node): TextSpan => ({ start: node.offset, end: node.offset + node.length });

/** The waypoint at an offset of the text, or the last one that begins before it on the same line. */
export function waypointAt(
  locations: readonly WaypointLocation[],
  offset: number,
): WaypointLocation | undefined {
  return locations.find(({ span }) => offset >= span.start && offset < span.end);
}

/** The waypoint that a breakpoint on a line means: the first that ends on or after the line's end. */
export function waypointOnLine(
  locations: readonly WaypointLocation[],
  lineStart: number,
  lineEnd: number,
): WaypointLocation | undefined {
  return locations.find(({ span }) => span.start <= lineEnd && span.end > lineStart);
}

/** JSON of a position as a plan is written: a tenth of a millimetre. Adding zero turns -0 into 0. */
export const formatPosition = (position: readonly number[]): string =>
  `[${position.map((v) => Number(v.toFixed(4)) + 0).join(', ')}]`;

export const formatOrientation = (orientation: readonly number[]): string =>
  `[${orientation.map((v) => Number(v.toFixed(5)) + 0).join(', ')}]`;
