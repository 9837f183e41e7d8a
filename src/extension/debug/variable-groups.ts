/** One line of the Variables view; a group where it has members. */
export interface VariableNode {
  readonly name: string;
  readonly value: string;
  readonly members?: readonly VariableNode[];
}

const JOINT = /^[\w.-]*joint[\w.-]*$/i;

/**
 * Groups a session's flat variables for the Variables view: `Joint state/joint1` goes under "Joint state". Names
 * without a slash stay on top, but for joints. A unit in brackets goes behind the value. Order is the session's.
 */
export function groupVariables(variables: Readonly<Record<string, number | string>>): VariableNode[] {
  const top: VariableNode[] = [];
  const groups = new Map<string, VariableNode[]>();
  for (const [key, raw] of Object.entries(variables)) {
    const [, bare = key, unit] = /^(.*?) \[(.+)\]$/.exec(key) ?? [];
    const value = unit === undefined ? formatValue(raw) : `${formatValue(raw)} ${unit}`;
    const path = JOINT.test(bare) ? `Joint state/${bare}` : bare;
    const slash = path.indexOf('/');
    if (slash <= 0) {
      top.push({ name: path, value });
      continue;
    }
    const group = path.slice(0, slash);
    const members = groups.get(group) ?? [];
    if (!groups.has(group)) {
      groups.set(group, members);
      top.push({ name: group, value: '', members });
    }
    members.push({ name: path.slice(slash + 1), value });
  }
  return top.map((node) => (node.members ? { ...node, value: summary(node.members) } : node));
}

const formatValue = (value: number | string): string =>
  typeof value === 'string'
    ? value
    : Number.isInteger(value)
      ? `${value}`
      : value.toFixed(Math.abs(value) < 0.01 ? 5 : 3);

const summary = (members: readonly VariableNode[]): string =>
  members.length === 1 ? (members[0]?.value ?? '') : `${members.length} values`;
