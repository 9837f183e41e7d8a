import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { WaybookError } from '../core/errors.ts';
import type { Vec3 } from '../core/geometry.ts';

/** A solid of a URDF link, in the link's frame. Angles are fixed-axis roll, pitch, yaw [rad]. */
export interface UrdfSolid {
  readonly shape:
    | { readonly kind: 'box'; readonly size: Vec3 }
    | { readonly kind: 'sphere'; readonly radius: number }
    | { readonly kind: 'cylinder' | 'capsule'; readonly radius: number; readonly length: number };
  readonly position: Vec3;
  readonly rpy: Vec3;
  /** 0..1 */
  readonly rgba?: readonly [number, number, number, number];
}

export interface UrdfLink {
  readonly name: string;
  readonly visuals: readonly UrdfSolid[];
  readonly collisions: readonly UrdfSolid[];
}

export interface UrdfJoint {
  readonly name: string;
  readonly type: 'revolute' | 'continuous' | 'prismatic' | 'fixed';
  readonly parent: string;
  readonly child: string;
  readonly position: Vec3;
  readonly rpy: Vec3;
  readonly axis: Vec3;
  /** rad or m; infinite for continuous joints */
  readonly lower: number;
  readonly upper: number;
  /** rad/s or m/s; infinite where the URDF gives none */
  readonly velocity: number;
  readonly mimic?: { readonly joint: string; readonly multiplier: number; readonly offset: number };
}

export interface Urdf {
  readonly name: string;
  readonly root: string;
  readonly links: readonly UrdfLink[];
  readonly joints: readonly UrdfJoint[];
  readonly warnings: readonly string[];
}

const MAX_URDF_BYTES = 8_000_000;

/**
 * Reads a URDF: links with their primitive solids, joints with limits and mimics (http://wiki.ros.org/urdf/XML).
 * Meshes cannot be loaded over a robot link; their links keep no solid for them and a warning says so.
 * Throws `input/format` naming the element that is missing or wrong.
 */
export function parseUrdf(text: string): Urdf {
  if (text.length > MAX_URDF_BYTES) throw bad(`the URDF is larger than ${MAX_URDF_BYTES / 1e6} MB`);
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw bad(`line ${valid.err.line}: ${valid.err.msg}`);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseAttributeValue: false,
    processEntities: false,
    isArray: (name) => ['link', 'joint', 'visual', 'collision', 'material'].includes(name),
  });
  const robot = node((parser.parse(text) as Node)['robot']);
  if (!robot) throw bad('its root element is not <robot> (run xacro first, if it is a xacro file)');

  const warnings: string[] = [];
  const palette = new Map<string, UrdfSolid['rgba']>();
  for (const m of list(robot['material'])) {
    const rgba = rgbaOf(m);
    if (rgba) palette.set(attribute(m, 'name', 'material'), rgba);
  }
  const links = list(robot['link']).map((l) => linkOf(l, palette, warnings));
  const joints = list(robot['joint']).map((j) => jointOf(j, warnings));
  const names = new Set(links.map((l) => l.name));
  if (names.size !== links.length) throw bad('two links have the same name');
  const children = new Set<string>();
  for (const joint of joints) {
    for (const end of [joint.parent, joint.child]) {
      if (!names.has(end)) throw bad(`joint "${joint.name}" names the link "${end}", which does not exist`);
    }
    if (children.has(joint.child)) throw bad(`link "${joint.child}" has two parents`);
    children.add(joint.child);
  }
  const roots = links.filter((l) => !children.has(l.name));
  const root = roots[0];
  if (!root || roots.length > 1) {
    throw bad(`it must have one root link, found ${roots.map((l) => `"${l.name}"`).join(', ') || 'none'}`);
  }
  return { name: textOf(robot['@name']) ?? 'robot', root: root.name, links, joints, warnings };
}

/**
 * The URDF as MuJoCo wants it: fixed frames kept (by default they are fused away), every link with some mass (it refuses
 * moving bodies without), visuals kept, no meshes, limits left out since we enforce them ourselves.
 */
export function urdfForMujoco(urdf: Urdf): string {
  const out: string[] = [
    `<robot name="${escape(urdf.name)}">`,
    '<mujoco><compiler fusestatic="false" discardvisual="false"/></mujoco>',
  ];
  for (const link of urdf.links) {
    out.push(
      `<link name="${escape(link.name)}">`,
      '<inertial><mass value="1"/><inertia ixx="1" iyy="1" izz="1" ixy="0" ixz="0" iyz="0"/></inertial>',
    );
    for (const solid of link.visuals) out.push(solidXml('visual', solid));
    for (const solid of link.collisions) out.push(solidXml('collision', solid));
    out.push('</link>');
  }
  for (const j of urdf.joints) {
    const type = j.type === 'revolute' ? 'continuous' : j.type;
    const limit = type === 'prismatic' ? `<limit lower="-10" upper="10" effort="1" velocity="1"/>` : '';
    out.push(
      `<joint name="${escape(j.name)}" type="${type}"><parent link="${escape(j.parent)}"/>`,
      `<child link="${escape(j.child)}"/><origin xyz="${j.position.join(' ')}" rpy="${j.rpy.join(' ')}"/>`,
      type === 'fixed' ? '</joint>' : `<axis xyz="${j.axis.join(' ')}"/>${limit}</joint>`,
    );
  }
  out.push('</robot>');
  return out.join('\n');
}

function solidXml(tag: 'visual' | 'collision', solid: UrdfSolid): string {
  const { shape } = solid;
  const geometry =
    shape.kind === 'box'
      ? `<box size="${shape.size.join(' ')}"/>`
      : shape.kind === 'sphere'
        ? `<sphere radius="${shape.radius}"/>`
        : `<${shape.kind} radius="${shape.radius}" length="${shape.length}"/>`;
  const colour = solid.rgba ? `<material name=""><color rgba="${solid.rgba.join(' ')}"/></material>` : '';
  return `<${tag}><origin xyz="${solid.position.join(' ')}" rpy="${solid.rpy.join(' ')}"/><geometry>${geometry}</geometry>${
    tag === 'visual' ? colour : ''
  }</${tag}>`;
}

type Node = Record<string, unknown>;

const bad = (what: string): WaybookError =>
  new WaybookError('input/format', `The robot description cannot be used: ${what}.`, {
    hint: 'Fix the URDF that the robot publishes, or the file named in its profile.',
  });

const node = (value: unknown): Node | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Node)
    : value === ''
      ? {}
      : undefined;

const list = (value: unknown): Node[] =>
  (Array.isArray(value) ? (value as unknown[]) : [value]).flatMap((v): Node[] => {
    const n = node(v);
    return n ? [n] : [];
  });

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const escape = (s: string): string => s.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');

function attribute(n: Node, name: string, where: string): string {
  const value = textOf(n[`@${name}`]);
  if (value === undefined || value === '') throw bad(`<${where}> has no ${name}`);
  return value;
}

function numbers(value: string, count: number, where: string): number[] {
  const parts = value.trim().split(/\s+/).map(Number);
  if (parts.length !== count || !parts.every(Number.isFinite)) {
    throw bad(`${where}: "${value}" is not ${count === 1 ? 'a number' : `${count} numbers`}`);
  }
  return parts;
}

const number = (value: string, where: string): number => numbers(value, 1, where)[0] as number;

function vec3(value: string | undefined, fallback: Vec3, where: string): Vec3 {
  return value === undefined ? fallback : (numbers(value, 3, where) as unknown as Vec3);
}

function originOf(n: Node, where: string): { position: Vec3; rpy: Vec3 } {
  const origin = node(n['origin']) ?? {};
  return {
    position: vec3(textOf(origin['@xyz']), [0, 0, 0], `${where} origin xyz`),
    rpy: vec3(textOf(origin['@rpy']), [0, 0, 0], `${where} origin rpy`),
  };
}

function rgbaOf(material: Node): UrdfSolid['rgba'] {
  const color = node(material['color']);
  if (!color) return undefined;
  return numbers(attribute(color, 'rgba', 'color'), 4, 'material colour') as unknown as UrdfSolid['rgba'];
}

function linkOf(n: Node, palette: Map<string, UrdfSolid['rgba']>, warnings: string[]): UrdfLink {
  const name = attribute(n, 'name', 'link');
  const solids = (tag: 'visual' | 'collision'): UrdfSolid[] =>
    list(n[tag]).flatMap((s): UrdfSolid[] => {
      const shape = shapeOf(s, `link "${name}"`);
      if (shape === 'mesh') {
        warnings.push(
          tag === 'visual'
            ? `Link "${name}": its mesh is not available and is not drawn.`
            : `Link "${name}": its collision mesh is not available; collisions of that part are not checked.`,
        );
        return [];
      }
      const material = list(s['material'])[0];
      const rgba = material && (rgbaOf(material) ?? palette.get(textOf(material['@name']) ?? ''));
      return [{ shape, ...originOf(s, `link "${name}"`), ...(rgba ? { rgba } : {}) }];
    });
  return { name, visuals: solids('visual'), collisions: solids('collision') };
}

function shapeOf(solid: Node, where: string): UrdfSolid['shape'] | 'mesh' {
  const geometry = node(solid['geometry']);
  if (!geometry) throw bad(`${where}: a solid has no geometry`);
  const box = node(geometry['box']);
  if (box) {
    const size = vec3(attribute(box, 'size', 'box'), [0, 0, 0], where);
    return { kind: 'box', size };
  }
  const sphere = node(geometry['sphere']);
  if (sphere) return { kind: 'sphere', radius: number(attribute(sphere, 'radius', 'sphere'), where) };
  for (const kind of ['cylinder', 'capsule'] as const) {
    const round = node(geometry[kind]);
    if (!round) continue;
    const radius = number(attribute(round, 'radius', kind), where);
    return { kind, radius, length: number(attribute(round, 'length', kind), where) };
  }
  if (node(geometry['mesh'])) return 'mesh';
  throw bad(`${where}: a solid is none of box, sphere, cylinder, capsule, mesh`);
}

function jointOf(n: Node, warnings: string[]): UrdfJoint {
  const name = attribute(n, 'name', 'joint');
  const where = `joint "${name}"`;
  const type = attribute(n, 'type', where);
  if (type !== 'revolute' && type !== 'continuous' && type !== 'prismatic' && type !== 'fixed') {
    throw bad(`${where} is of type "${type}", which is not supported`);
  }
  const parent = attribute(node(n['parent']) ?? {}, 'link', `${where} parent`);
  const child = attribute(node(n['child']) ?? {}, 'link', `${where} child`);
  const axis = vec3(textOf((node(n['axis']) ?? {})['@xyz']), [1, 0, 0], `${where} axis`);
  if (type !== 'fixed' && Math.hypot(...axis) < 1e-6) throw bad(`${where} has a zero axis`);
  const limit = node(n['limit']);
  const bounded = type === 'revolute' || type === 'prismatic';
  if (bounded && !limit) throw bad(`${where} has no <limit>`);
  const of = (key: string, fallback: number): number => {
    const value = textOf(limit?.[`@${key}`]);
    return value === undefined ? fallback : number(value, `${where} limit ${key}`);
  };
  const lower = bounded ? of('lower', 0) : -Infinity;
  const upper = bounded ? of('upper', 0) : Infinity;
  if (lower > upper) throw bad(`${where}: lower limit ${lower} is above upper limit ${upper}`);
  const velocity = type === 'fixed' ? Infinity : of('velocity', Infinity);
  if (type !== 'fixed' && !(velocity > 0)) throw bad(`${where}: velocity limit ${velocity} must be above 0`);
  const mimic = node(n['mimic']);
  if (type !== 'fixed' && velocity === Infinity && !mimic) {
    warnings.push(`Joint "${name}" has no velocity limit in the URDF.`);
  }
  return {
    name,
    type,
    parent,
    child,
    ...originOf(n, where),
    axis,
    lower,
    upper,
    velocity,
    ...(mimic
      ? {
          mimic: {
            joint: attribute(mimic, 'joint', `${where} mimic`),
            multiplier: number(textOf(mimic['@multiplier']) ?? '1', `${where} mimic multiplier`),
            offset: number(textOf(mimic['@offset']) ?? '0', `${where} mimic offset`),
          },
        }
      : {}),
  };
}
