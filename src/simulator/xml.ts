import type { Quat, Vec3 } from '../core/geometry.ts';

type Attribute = string | number | readonly number[] | undefined;

/** Numbers as XML: 12 significant digits, so that the same model gives the same text everywhere. */
export const numberText = (value: number): string => {
  if (!Number.isFinite(value)) throw new RangeError('XML attribute: not a finite number');
  return String(Number(value.toPrecision(12)));
};

/** One element. Attributes that are undefined are left out; arrays become space-separated lists. */
export function element(
  name: string,
  attributes: Readonly<Record<string, Attribute>>,
  children: readonly string[] = [],
): string {
  const text = Object.entries(attributes)
    .filter((entry): entry is [string, Exclude<Attribute, undefined>] => entry[1] !== undefined)
    .map(([key, value]) => ` ${key}="${attributeText(value)}"`)
    .join('');
  if (children.length === 0) return `<${name}${text}/>`;
  const body = children.map((child) => child.replace(/^/gm, '  ')).join('\n');
  return `<${name}${text}>\n${body}\n</${name}>`;
}

function attributeText(value: Exclude<Attribute, undefined>): string {
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'string')
    return value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
  return value.map(numberText).join(' ');
}

/** MuJoCo's quaternions are w, x, y, z. */
export const mujocoQuat = (q: Quat): number[] => [q[3], q[0], q[1], q[2]];

/**
 * Fixed-axis roll, pitch, yaw of URDF: R = Rz(yaw) · Ry(pitch) · Rx(roll). At the poles (pitch ±π/2) roll is 0.
 */
export function rollPitchYaw(q: Quat): Vec3 {
  const [x, y, z, w] = q;
  const sinPitch = 2 * (w * y - z * x);
  if (Math.abs(sinPitch) > 1 - 1e-12) {
    return [0, Math.sign(sinPitch) * (Math.PI / 2), -2 * Math.sign(sinPitch) * Math.atan2(x, w)];
  }
  return [
    Math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y)),
    Math.asin(sinPitch),
    Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z)),
  ];
}
