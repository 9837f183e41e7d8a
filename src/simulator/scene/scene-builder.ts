import { IDENTITY_QUAT, withYaw } from '../../core/geometry.ts';
import { WaybookError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import { sampleFamily } from './families.ts';
import type { Colour } from './palette.ts';
import type { Labelled, Thing, ThingShape } from './thing.ts';

/** A rectangle of the table [m]. */
export interface Region {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/** Where things are put unless a task says otherwise: in front of the arm, in view, within easy reach. */
export const WORK_AREA: Region = { x: [0.36, 0.64], y: [-0.28, 0.28] };
/** Distance from the base's axis within which a tool pointing down reaches the table [m]. */
const REACH = { near: 0.34, far: 0.66 };
/** Free table that is kept between two things, for the fingers [m]. */
const CLEARANCE = 0.035;

export interface PlaceOptions {
  readonly region?: Region;
  /** free table that is kept round it [m] */
  readonly clearance?: number;
  readonly awayFrom?: { readonly thing: Thing; readonly distance: number };
}

interface Disc {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** Collects the things of one scene. Draws everything random from one stream, so that a seed decides it all. */
export class SceneBuilder {
  readonly random: Random;
  readonly #things: Thing[] = [];
  readonly #discs: Disc[] = [];
  readonly #apart: [string, string][] = [];
  readonly #family: string | undefined;

  /** `family` replaces what a task's subject is by a sample of that shape family. */
  constructor(random: Random, family?: string) {
    this.random = random;
    this.#family = family;
  }

  /** The thing that a task is about: the task's own choice, or a sample of the family that was asked for. */
  subject(colour: Colour, own: () => ThingShape): ThingShape {
    return this.#family === undefined ? own() : sampleFamily(this.#family, this.random, colour);
  }

  get things(): readonly Thing[] {
    return this.#things;
  }

  /** Pairs of thing ids that never collide with each other. */
  get noContact(): readonly (readonly [string, string])[] {
    return this.#apart;
  }

  hasLabel(label: string): boolean {
    return this.#things.some((thing) => thing.labels.some((l) => l.label === label));
  }

  /** Puts a thing at a place, upright, turned by `yaw`; `z` is the height of what it stands on. */
  put(
    shape: ThingShape,
    at: { x: number; y: number; z?: number; yaw?: number },
    options: { travel?: number } = {},
  ): Thing {
    const id = this.#newId(shape);
    const { rest, footprint: _, labels, ...body } = shape;
    const thing: Thing = {
      ...body,
      ...(options.travel === undefined ? {} : { travel: options.travel }),
      id,
      pose: {
        position: [at.x, at.y, (at.z ?? 0) + rest],
        orientation: withYaw(IDENTITY_QUAT, at.yaw ?? 0),
      },
      labels: labels.map(({ part, ...label }): Labelled =>
        part === undefined ? { ...label, id } : { ...label, id: `${id}-${part}`, partOf: id },
      ),
    };
    this.#things.push(thing);
    this.#discs.push({ x: at.x, y: at.y, radius: shape.footprint });
    return thing;
  }

  /** Puts a thing at a random free place, at a random turn within `yaw` (±, rad; any turn unless said). */
  scatter(shape: ThingShape, options: PlaceOptions & { yaw?: number } = {}): Thing {
    const [x, y] = this.findPlace(shape.footprint, options);
    return this.#turnedAt(shape, x, y, options.yaw);
  }

  /** As `scatter`, or undefined where the table is full. */
  tryScatter(shape: ThingShape, options: PlaceOptions = {}): Thing | undefined {
    const place = this.tryFindPlace(shape.footprint, options);
    return place && this.#turnedAt(shape, ...place);
  }

  #turnedAt(shape: ThingShape, x: number, y: number, turn = Math.PI): Thing {
    return this.put(shape, { x, y, yaw: this.random.uniform(-turn, turn) });
  }

  /** A free place on the table for something of that footprint, within reach. Throws `input/limit` when there is none. */
  findPlace(footprint: number, options: PlaceOptions = {}): [number, number] {
    const place = this.tryFindPlace(footprint, options);
    if (place) return place;
    throw new WaybookError('input/limit', 'This scene has no room left on the table.', {
      hint: 'Ask for fewer distractors or obstacles.',
    });
  }

  tryFindPlace(footprint: number, options: PlaceOptions = {}): [number, number] | undefined {
    const region = options.region ?? WORK_AREA;
    const wanted = options.clearance ?? CLEARANCE;
    const { awayFrom } = options;
    // Later rounds accept less room between things, never none.
    for (const share of [1, 0.6, 0.3]) {
      for (let attempt = 0; attempt < 700; attempt++) {
        const x = this.random.uniform(...region.x);
        const y = this.random.uniform(...region.y);
        const reach = Math.hypot(x, y);
        if (reach < REACH.near || reach > REACH.far) continue;
        if (
          awayFrom &&
          Math.hypot(awayFrom.thing.pose.position[0] - x, awayFrom.thing.pose.position[1] - y) <
            awayFrom.distance
        )
          continue;
        const room = footprint + share * wanted;
        if (this.#discs.every((d) => Math.hypot(d.x - x, d.y - y) >= d.radius + room)) return [x, y];
      }
    }
    return undefined;
  }

  /** Keeps a circle of the table free, for a place that something must be moved to. */
  reserve(x: number, y: number, radius: number): void {
    this.#discs.push({ x, y, radius });
  }

  /** These two never collide: a drawer and the cabinet that it runs in. */
  ignoreContact(a: Thing, b: Thing): void {
    this.#apart.push([a.id, b.id]);
  }

  #newId(shape: ThingShape): string {
    const stem = (shape.labels[0]?.label ?? 'thing').replace(/[^a-z0-9]+/gi, '-');
    const taken = new Set(this.#things.map((thing) => thing.id));
    if (!taken.has(stem)) return stem;
    for (let n = 2; ; n++) if (!taken.has(`${stem}-${n}`)) return `${stem}-${n}`;
  }
}
