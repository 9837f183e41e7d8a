import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  parseTree,
  type ParseError,
  printParseErrorCode,
} from 'jsonc-parser';
import type { BodyProblem } from './body-problem.ts';
import * as validators from './generated/validators.mjs';
import type { SchemaError } from './generated/validators.mjs';
import {
  fillValue,
  knownParameters,
  noSuchParameter,
  paramOf,
  type Params,
  placeholdersIn,
} from './parameters.ts';

export type JsonKind = 'capture' | 'waypoints' | 'execute';

/** Bodies are written and read by people. */
const BODY_LIMIT = 4 * 1024 * 1024;
/** Deeper nesting than any schema has; the parser and its helpers recurse. */
const DEPTH_LIMIT = 64;
const PROBLEM_LIMIT = 50;

export interface Inspection {
  /** undefined where there is a problem of severity error */
  readonly value: Readonly<Record<string, unknown>> | undefined;
  /** as the body is with its parameters filled in; offsets are those of the text */
  readonly tree: Node | undefined;
  readonly problems: readonly BodyProblem[];
}

/**
 * Parses a body as strict JSON, fills parameters in, validates it by the schema of its kind, and says where what is
 * wrong. `{{name}}` stands in a JSON text only, so that the body stays JSON: alone in it for a value of any type.
 */
export function inspectBody(kind: JsonKind, body: string, params: Params): Inspection {
  const failed = (...problems: BodyProblem[]): Inspection => ({
    value: undefined,
    tree: undefined,
    problems,
  });
  if (body.length > BODY_LIMIT) {
    return failed(problem('format', `The body is larger than ${BODY_LIMIT / 1048576} MB.`, 0, 0));
  }
  const deep = tooDeep(body);
  if (deep !== undefined)
    return failed(problem('format', `JSON is nested deeper than ${DEPTH_LIMIT} levels.`, deep, 1));
  if (body.trim() === '')
    return failed(problem('format', 'The body is empty: write a JSON object, {} at least.', 0, 0));

  const errors: ParseError[] = [];
  const written = parseTree(body, errors, { disallowComments: true, allowTrailingComma: false });
  const first = errors[0];
  if (first || !written) return failed(syntaxProblem(body, first));
  const filled = new Map<number, string>();
  const unknown: BodyProblem[] = [];
  const tree = fillTree(written, params, filled, unknown);
  if (unknown.length > 0) return failed(...unknown.slice(0, PROBLEM_LIMIT));
  if (tree.type !== 'object')
    return failed(problem('schema', 'The body must be a JSON object.', tree.offset, tree.length));

  const problems: BodyProblem[] = [];
  checkValues(tree, problems);
  if (problems.length === 0) problems.push(...checkSchema(kind, tree));
  problems.push(...unknownKeys(kind, tree));
  const bad = problems.some((p) => p.severity === 'error');
  const explained = problems.map((p) => withSource(p, filled.get(p.offset), params));
  return {
    value: bad ? undefined : (getNodeValue(tree) as Record<string, unknown>),
    tree,
    problems: explained.slice(0, PROBLEM_LIMIT),
  };
}

/** The tree with texts that hold parameters replaced by what these stand for. `filled`: offset of a value -> its name. */
function fillTree(
  node: Node,
  params: Params,
  filled: Map<number, string>,
  unknown: BodyProblem[],
  isKey = false,
): Node {
  if (node.type === 'string' && !isKey) {
    const text = String(node.value);
    const names = placeholdersIn(text).map(({ name }) => name);
    if (names.length === 0) return node;
    for (const name of names) {
      if (paramOf(params, name) !== undefined) continue;
      const hint = knownParameters(params);
      unknown.push(problem('parameter', noSuchParameter(name), node.offset, node.length, { hint }));
    }
    const value = fillValue(text, params);
    filled.set(node.offset, names.join(', '));
    return { ...node, type: typeof value as 'string' | 'number' | 'boolean', value };
  }
  if (!node.children) return node;
  const isProperty = node.type === 'property';
  const children = node.children.map((child, i) =>
    fillTree(child, params, filled, unknown, isProperty && i === 0),
  );
  return { ...node, children };
}

/** Says where a value that is wrong came from. */
function withSource(found: BodyProblem, name: string | undefined, params: Params): BodyProblem {
  if (name === undefined) return found;
  const source = `It comes from the parameter ${name}${name.includes(',') ? '' : `, ${JSON.stringify(params[name])}`}.`;
  return { ...found, hint: found.hint === undefined ? source : `${source} ${found.hint}` };
}

export function problem(
  code: BodyProblem['code'],
  message: string,
  offset: number,
  length: number,
  more: Partial<BodyProblem> = {},
): BodyProblem {
  return { severity: 'error', code, message, offset, length, ...more };
}

function syntaxProblem(body: string, error: ParseError | undefined): BodyProblem {
  if (!error) return problem('format', 'The body is not JSON.', 0, 0);
  const found = /^[^\s,\]}]{1,20}/.exec(body.slice(error.offset))?.[0] ?? '';
  if (/^[+-]?(nan|inf(inity)?)$/i.test(found)) {
    return problem(
      'limit',
      `${found} is not a number that JSON can hold; write a finite one.`,
      error.offset,
      found.length,
    );
  }
  const what = printParseErrorCode(error.error)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return problem(
    'format',
    `The body is not valid JSON: ${what}${found === '' ? '' : ` at "${found}"`}.`,
    error.offset,
    Math.max(1, error.length),
  );
}

/** Duplicate keys and numbers beyond what a double holds; both parse, and neither can have been meant. */
function checkValues(node: Node, problems: BodyProblem[]): void {
  if (problems.length >= PROBLEM_LIMIT) return;
  if (node.type === 'number' && !Number.isFinite(node.value)) {
    problems.push(
      problem(
        'limit',
        'This number is too large for a 64-bit float; write a finite one.',
        node.offset,
        node.length,
      ),
    );
  }
  if (node.type === 'object') {
    const seen = new Set<string>();
    for (const property of node.children ?? []) {
      const key = property.children?.[0];
      if (!key) continue;
      const name = String(key.value);
      if (seen.has(name))
        problems.push(problem('schema', `The key "${name}" is given twice.`, key.offset, key.length));
      seen.add(name);
    }
  }
  for (const child of node.children ?? []) checkValues(child, problems);
}

function checkSchema(kind: JsonKind, tree: Node): BodyProblem[] {
  const validate = validators[kind];
  if (validate(getNodeValue(tree))) return [];
  const errors = validate.errors ?? [];
  const alternatives = errors.filter((e) => e.keyword === 'anyOf').map((e) => e.instancePath);
  return errors
    .filter((e) => e.keyword === 'anyOf' || !alternatives.some((path) => e.instancePath.startsWith(path)))
    .map((e) => schemaProblem(e, tree));
}

function schemaProblem(error: SchemaError, tree: Node): BodyProblem {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  const node = findNodeAtLocation(tree, path) ?? tree;
  const waypoint = path[0] === 'waypoints' && typeof path[1] === 'number' ? path[1] : undefined;
  const name = nameOf(path);
  const at = { offset: node.offset, length: node.length };
  const more = waypoint === undefined ? {} : { waypoint };
  const { params } = error;
  switch (error.keyword) {
    case 'required':
      return problem('schema', `${name} lacks "${String(params['missingProperty'])}".`, at.offset, 1, more);
    case 'type':
      return problem(
        'schema',
        `${name} must be ${article(String(params['type']))}.`,
        at.offset,
        at.length,
        more,
      );
    case 'enum':
      return problem(
        'schema',
        `${name} must be one of ${(params['allowedValues'] as unknown[]).join(', ')}.`,
        at.offset,
        at.length,
        more,
      );
    case 'anyOf':
      return problem(
        'schema',
        `${name} must be "base" or {"object": "name of a thing"}.`,
        at.offset,
        at.length,
        more,
      );
    case 'minItems':
    case 'maxItems': {
      const few = error.keyword === 'minItems';
      return problem(
        'schema',
        `${name} must have ${few ? 'at least' : 'at most'} ${Number(params['limit'])} values.`,
        at.offset,
        at.length,
        more,
      );
    }
    case 'minimum':
    case 'maximum': {
      const limit = Number(params['limit']);
      const value = Number(node.value);
      const unit = unitOf(path);
      const bound = error.keyword === 'minimum' ? 'at least' : 'at most';
      return problem(
        'limit',
        `${name} is ${value}; it must be ${bound} ${limit}${unit === '' ? '' : ` ${unit}`}.`,
        at.offset,
        at.length,
        {
          ...more,
          limit: {
            name:
              path
                .filter((p) => typeof p === 'string')
                .at(-1)
                ?.toString() ?? 'value',
            value,
            limit,
            unit,
          },
        },
      );
    }
    case 'pattern':
      return problem('schema', `${name} must not be empty.`, at.offset, at.length, more);
    default:
      return problem('schema', `${name} ${error.message ?? 'is not valid'}.`, at.offset, at.length, more);
  }
}

const article = (type: string): string => (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`);

/** `position[2] of waypoint 3` */
function nameOf(path: readonly (string | number)[]): string {
  const waypoint =
    path[0] === 'waypoints' && typeof path[1] === 'number' ? `waypoint ${path[1] + 1}` : undefined;
  const rest = waypoint === undefined ? path : path.slice(2);
  const text = rest
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${part}`))
    .join('');
  if (text === '') return waypoint === undefined ? 'The body' : `W${waypoint.slice(1)}`;
  return waypoint === undefined ? `"${text}"` : `"${text}" of ${waypoint}`;
}

const UNITS: Readonly<Record<string, string>> = {
  position: 'm',
  radius: 'm',
  voxel: 'm',
  crop: 'm',
  rateHz: 'Hz',
  tube: 'm',
  deadline: 's',
};

const unitOf = (path: readonly (string | number)[]): string =>
  path
    .map((part) => (typeof part === 'string' ? UNITS[part] : undefined))
    .find((unit) => unit !== undefined) ?? '';

const FRAME_KEYS = ['object'];
const KNOWN: Record<JsonKind, readonly string[]> = {
  capture: ['camera', 'cameras', 'file', 'voxel', 'crop', 'keepRobot'],
  waypoints: ['frame', 'waypoints', 'refiner'],
  execute: ['speed', 'closedLoop', 'rateHz', 'tube', 'deadline'],
};
const WAYPOINT_KEYS = ['label', 'position', 'orientation', 'gripper', 'radius', 'frame'];

/** Warnings: unknown keys are kept, and nothing reads them. */
function unknownKeys(kind: JsonKind, tree: Node): BodyProblem[] {
  const found: BodyProblem[] = [];
  const look = (node: Node | undefined, known: readonly string[], what: string): void => {
    if (node?.type !== 'object') return;
    for (const property of node.children ?? []) {
      const key = property.children?.[0];
      if (!key || known.includes(String(key.value))) continue;
      found.push({
        ...problem(
          'schema',
          `"${String(key.value)}" is unknown in ${what}; it is kept and has no effect.`,
          key.offset,
          key.length,
        ),
        severity: 'warning',
        hint: `Known: ${known.join(', ')}.`,
      });
    }
  };
  look(tree, KNOWN[kind], `a ${kind} cell`);
  if (kind === 'capture') look(findNodeAtLocation(tree, ['crop']), ['min', 'max'], '"crop"');
  if (kind === 'waypoints') {
    look(findNodeAtLocation(tree, ['frame']), FRAME_KEYS, '"frame"');
    for (const waypoint of findNodeAtLocation(tree, ['waypoints'])?.children ?? []) {
      look(waypoint, WAYPOINT_KEYS, 'a waypoint');
      if (waypoint.type === 'object') look(findNodeAtLocation(waypoint, ['frame']), FRAME_KEYS, '"frame"');
    }
  }
  return found;
}

/** Offset of the bracket that opens one level too many, strings left out. */
function tooDeep(body: string): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < body.length; i++) {
    const c = body.charCodeAt(i);
    if (quoted) {
      if (c === 92) i++;
      else if (c === 34 || c === 10) quoted = false;
    } else if (c === 34) quoted = true;
    else if (c === 91 || c === 123) {
      if (++depth > DEPTH_LIMIT) return i;
    } else if (c === 93 || c === 125) depth--;
  }
  return undefined;
}
