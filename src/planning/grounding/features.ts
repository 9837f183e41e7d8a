import { matrixFromQuat, type Vec3 } from '../../core/geometry.ts';
import type { SceneObject } from '../../core/scene-object.ts';
import { basicColour, COLOURS } from '../language/lexicon.ts';
import {
  AREA_NOUNS,
  CONTAINER_NOUNS,
  FIXTURE_NOUNS,
  OPENABLE_NOUNS,
  isGrocery,
  PACKAGING,
  PART_NOUNS,
  ROUND_NOUNS,
} from '../language/nouns.ts';
import { lemma } from '../language/tokenizer.ts';

/** Flatter than this is a marking or a hole, not a thing [m]. */
const FLAT = 0.004;

/** What words can be compared with, worked out once per object. */
export interface ObjectFeatures {
  readonly object: SceneObject;
  /** each name as dictionary forms; the last word is what it is, the others describe it */
  readonly names: readonly (readonly string[])[];
  /** basic colour words */
  readonly colours: ReadonlySet<string>;
  /** what it is, in dictionary forms */
  readonly nouns: ReadonlySet<string>;
  /** what segmentation thinks that it may be too: no more than a guess */
  readonly guesses: ReadonlySet<string>;
  /** every word of every name */
  readonly words: ReadonlySet<string>;
  /** words of the thing it is a part of */
  readonly ownerWords: ReadonlySet<string>;
  readonly container: boolean;
  readonly fixture: boolean;
  readonly part: boolean;
  readonly openable: boolean;
  readonly area: boolean;
  /** upright, with a circle for a footprint */
  readonly round: boolean;
  /** axis-aligned box in base [m] */
  readonly min: Vec3;
  readonly max: Vec3;
}

const wordsOf = (name: string): string[] =>
  name
    .toLowerCase()
    .replace(/gray/g, 'grey')
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word.length > 1)
    .map(lemma);

const CONNECTORS = new Set(['with', 'of', 'for', 'in', 'on', 'from']);

function nameProper(name: string[]): string[] {
  const cut = name.findIndex((word, i) => i > 0 && CONNECTORS.has(word));
  return cut < 0 ? name : name.slice(0, cut);
}

const some = (nouns: ReadonlySet<string>, set: ReadonlySet<string>): boolean =>
  [...nouns].some((noun) => set.has(noun));

/** What holds things; not a box or carton of something to eat or drink, which is full and closed. */
const isContainer = (nouns: ReadonlySet<string>, words: ReadonlySet<string>): boolean => {
  const open = [...nouns].filter((noun) => CONTAINER_NOUNS.has(noun));
  const packed = open.every((noun) => PACKAGING.has(noun)) && [...words].some(isGrocery);
  return open.length > 0 && !packed;
};

/** Features of every object, in the order given. */
export function featuresOf(objects: readonly SceneObject[]): ObjectFeatures[] {
  const byId = new Map(objects.map((object) => [object.id, object]));
  return objects.map((object) => {
    const full = [object.label, ...(object.names ?? [])].map(wordsOf);
    // "plate with a hole" is a plate
    const names = full.map(nameProper).filter((name) => name.length > 0);
    const shape = object.shape === undefined ? [] : wordsOf(object.shape);
    const words = new Set([...full.flat(), ...shape]);
    const heads = names.map((name) => name[name.length - 1] as string);
    const guessed = object.source === 'segmentation' ? heads.slice(1) : [];
    const nouns = new Set([...heads.slice(0, heads.length - guessed.length), ...shape.slice(-1)]);
    const said = [...words].filter(
      (word) =>
        word in COLOURS &&
        !(word === 'orange' && nouns.has('orange') && names.length === 1 && names[0]?.length === 1),
    );
    const own = object.colour === undefined ? undefined : basicColour(object.colour.toLowerCase());
    const colours = new Set(said.length > 0 ? said : own === undefined ? [] : [own]);
    if (said.length === 0 && own === undefined) {
      for (const word of words) {
        const basic = basicColour(word);
        if (basic !== undefined) colours.add(basic);
      }
    }
    const owner = object.partOf === undefined ? undefined : byId.get(object.partOf);
    const m = matrixFromQuat(object.pose.orientation);
    const [sx, sy] = object.size;
    const round =
      some(nouns, ROUND_NOUNS) && Math.abs(sx - sy) < 0.1 * Math.max(sx, sy) && Math.abs(m[8]) > 0.9;
    const [min, max] = boundsOf(object, round);
    const flat = object.size[2] <= FLAT;
    return {
      object,
      names,
      colours,
      nouns,
      guesses: new Set(guessed.filter((word) => !nouns.has(word))),
      words,
      ownerWords: new Set(owner === undefined ? [] : wordsOf(owner.label)),
      container: isContainer(nouns, words),
      fixture: some(nouns, FIXTURE_NOUNS) || flat || object.partOf !== undefined,
      part: object.partOf !== undefined || some(nouns, PART_NOUNS),
      openable: some(nouns, OPENABLE_NOUNS) || object.articulation !== undefined,
      area: some(nouns, AREA_NOUNS) || flat,
      round,
      min,
      max,
    };
  });
}

/** Axis-aligned box in base round an object's own box, or round the upright cylinder in it. */
export function boundsOf(object: SceneObject, round: boolean): [Vec3, Vec3] {
  const m = matrixFromQuat(object.pose.orientation);
  const half = [0, 1, 2].map((row) => {
    let sum = 0;
    for (let column = 0; column < 3; column++) {
      sum += Math.abs(m[3 * row + column] as number) * ((object.size[column] as number) / 2);
    }
    return sum;
  }) as [number, number, number];
  if (round) half[0] = half[1] = (object.size[0] + object.size[1]) / 4;
  const p = object.pose.position;
  return [
    [p[0] - half[0], p[1] - half[1], p[2] - half[2]],
    [p[0] + half[0], p[1] + half[1], p[2] + half[2]],
  ];
}

/** Whether a point lies over a thing's footprint grown by `margin`, by its own box or circle. */
export function overFootprint(x: number, y: number, f: ObjectFeatures, margin: number): boolean {
  const [cx, cy] = f.object.pose.position;
  if (f.round) return Math.hypot(x - cx, y - cy) < f.object.size[0] / 2 + margin;
  const m = matrixFromQuat(f.object.pose.orientation);
  if (Math.abs(m[8]) < 0.9) {
    return x > f.min[0] - margin && x < f.max[0] + margin && y > f.min[1] - margin && y < f.max[1] + margin;
  }
  const along = (x - cx) * m[0] + (y - cy) * m[3];
  const across = (x - cx) * m[1] + (y - cy) * m[4];
  return Math.abs(along) < f.object.size[0] / 2 + margin && Math.abs(across) < f.object.size[1] / 2 + margin;
}
