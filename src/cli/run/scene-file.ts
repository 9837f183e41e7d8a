import { WaybookError } from '../../core/errors.ts';
import { isObject } from '../../core/is-object.ts';
import type { Quat, Vec3 } from '../../core/geometry.ts';
import type { SceneObject } from '../../core/scene-object.ts';

/**
 * Objects of a scene file: `{"objects": [{id, label, pose: {position, orientation}, size, …}]}`. Further keys are
 * ignored. Throws `input/schema` that names the object and the key.
 */
export function parseSceneObjects(text: string, file: string): SceneObject[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new WaybookError('input/format', `${file} is no JSON: ${String(error)}`, { place: { file } });
  }
  const list = isObject(value) ? value['objects'] : undefined;
  if (!Array.isArray(list)) throw wrong(file, 'it has no list "objects"');
  return list.map((item: unknown, index) => {
    const at = `objects[${index}]`;
    if (!isObject(item)) throw wrong(file, `${at} is not an object`);
    const pose = item['pose'];
    if (!isObject(pose)) throw wrong(file, `${at}.pose is missing`);
    const text = (key: string): string => {
      const found = item[key];
      if (typeof found !== 'string' || found === '') throw wrong(file, `${at}.${key} is not a text`);
      return found;
    };
    const optional = (key: 'colour' | 'shape' | 'partOf'): Partial<SceneObject> =>
      typeof item[key] === 'string' ? { [key]: item[key] } : {};
    return {
      id: text('id'),
      label: text('label'),
      pose: {
        position: numbers<Vec3>(pose['position'], 3, file, `${at}.pose.position`),
        orientation: numbers<Quat>(pose['orientation'] ?? [0, 0, 0, 1], 4, file, `${at}.pose.orientation`),
      },
      size: numbers<Vec3>(item['size'], 3, file, `${at}.size`),
      score: typeof item['score'] === 'number' ? item['score'] : 1,
      source: 'pinned' as const,
      ...optional('colour'),
      ...optional('shape'),
      ...optional('partOf'),
    };
  });
}

function numbers<T extends readonly number[]>(value: unknown, length: number, file: string, at: string): T {
  if (
    !Array.isArray(value) ||
    value.length !== length ||
    !value.every((v) => typeof v === 'number' && Number.isFinite(v))
  ) {
    throw wrong(file, `${at} is not a list of ${length} finite numbers`);
  }
  // Checked just above: as many numbers as the type has.
  return value as unknown as T;
}

const wrong = (file: string, why: string): WaybookError =>
  new WaybookError('input/schema', `${file} is no scene: ${why}.`, {
    place: { file },
    hint: '`waybook plan TEXT --robot sim:tabletop --json` prints one.',
  });
