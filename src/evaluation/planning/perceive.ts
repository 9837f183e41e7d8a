import type { Capture } from '../../core/capture.ts';
import { inverse, transformPoint, type Vec3 } from '../../core/geometry.ts';
import { Random } from '../../core/random.ts';
import type { RobotState } from '../../core/robot-state.ts';
import type { SceneObject } from '../../core/scene-object.ts';
import type { RobotModel } from '../../kinematics/robot-model.ts';
import { fuseClouds } from '../../perception/fuse-clouds.ts';
import { refineHoles } from '../../perception/refine-holes.ts';
import { processCapture } from '../../perception/process-capture.ts';
import { segmentObjects } from '../../perception/segment-objects.ts';
import { COLOURS } from '../../planning/language/lexicon.ts';
import type { World } from '../../simulator/world-api.ts';

/** The fixed cameras that look at the table. */
const CAMERAS = ['front', 'left', 'top'] as const;
/** How far a person's pin lies from the thing's middle (standard deviation per axis), and how far it reaches [m]. */
const PIN_ERROR = 0.01;
const PIN_REACH = 0.06;
/** What segmentation is able to call things; whoever wants other words pins them. */
const SEGMENTED = new Set(
  'cube block box cylinder can bottle ball bowl dish mug cup ring tray basket bin plate rod peg stick target'.split(
    ' ',
  ),
);

export interface Perceived {
  readonly objects: readonly SceneObject[];
  readonly capture: Capture;
  /** labels that were pinned by hand, since no shape says them */
  readonly pinned: readonly string[];
}

/**
 * What is known of a scene without exact detections: things that can be moved come from the cloud of the fixed cameras,
 * noise included; what is fixed or moves on a rail or hinge comes from the robot's detector, whose noise the world has;
 * names that no shape tells ("ketchup bottle") are pins, a centimetre off.
 */
export function perceive(world: World, model: RobotModel, state: RobotState): Perceived {
  const captures = CAMERAS.map((camera) => {
    const seen = world.renderCloud(camera);
    return processCapture(
      {
        camera,
        cloud: {
          frame: world.cameras.find((c) => c.name === camera)?.frame ?? camera,
          stamp: world.time,
          count: seen.positions.length / 3,
          positions: seen.positions,
          colors: seen.colors,
        },
        cameraPose: world.cameraPose(camera),
        robot: state,
      },
      { detections: [], voxel: 0 },
      model,
    );
  });
  const first = captures[0] as Capture;
  const cloud = fuseClouds(captures.map((capture) => capture.cloud));
  const truth = world.detections();
  const fixtures = new Set(
    world
      .describeScene()
      .filter((body) => body.kind === 'fixture')
      .map((body) => body.name),
  );
  const detected = truth.filter(
    (o) => fixtures.has(o.partOf ?? o.id) || fixtures.has(o.id) || o.articulation !== undefined,
  );
  const segments = segmentObjects(cloud).filter((segment) => !isDetected(segment, detected));
  const pinned = new Map<number, string>();
  const random = new Random('pins', world.scene, world.seed);
  for (const thing of truth) {
    if (detected.includes(thing) || thing.partOf !== undefined || isSegmentable(thing.label)) continue;
    const pin = thing.pose.position.map((v, k) => (k < 2 ? v + PIN_ERROR * random.normal() : v));
    const off = ({ pose }: SceneObject): number =>
      Math.hypot(...[0, 1, 2].map((k) => (pose.position[k] as number) - (pin[k] as number)));
    const at = segments
      .map((segment, i) => ({ i, d: off(segment), wide: Math.min(segment.size[0], segment.size[1]) }))
      .filter(({ d, i }) => d < PIN_REACH && !pinned.has(i))
      // of two pieces under the pin, the larger one is meant
      .sort((one, other) => one.d - other.d - 0.1 * (one.wide - other.wide))[0];
    const segment = at && segments[at.i];
    if (at === undefined || segment === undefined) continue;
    pinned.set(at.i, thing.label);
    segments[at.i] = { ...segment, label: thing.label, names: [segment.label, ...(segment.names ?? [])] };
  }
  const whole = withKnobs(segments, pinned);
  return {
    objects: [...refineHoles(detected, cloud), ...whole],
    capture: { ...first, cloud, objects: [] },
    pinned: [...pinned.values()],
  };
}

/** A nameless piece that stands in the middle of a pinned thing is a part of it: the knob of a lid. */
function withKnobs(segments: readonly SceneObject[], pinned: ReadonlyMap<number, string>): SceneObject[] {
  const absorbed = new Set<number>();
  const grown = segments.map((thing, i) => {
    if (!pinned.has(i)) return thing;
    const [x, y, z] = thing.pose.position;
    const top = z + thing.size[2] / 2;
    const at = segments.findIndex(
      (piece, j) =>
        !pinned.has(j) &&
        Math.hypot(piece.pose.position[0] - x, piece.pose.position[1] - y) < 0.2 * thing.size[0] &&
        Math.max(piece.size[0], piece.size[1]) < 0.5 * thing.size[0] &&
        Math.abs(piece.pose.position[2] - piece.size[2] / 2 - top) < 0.015,
    );
    const piece = segments[at];
    if (piece === undefined) return thing;
    absorbed.add(at);
    const high = piece.pose.position[2] + piece.size[2] / 2;
    const low = z - thing.size[2] / 2;
    return {
      ...thing,
      pose: { ...thing.pose, position: [x, y, (high + low) / 2] as const },
      size: [thing.size[0], thing.size[1], high - low] as const,
    };
  });
  return grown.filter((_, i) => !absorbed.has(i));
}

/** Every word of a label is a colour or a noun that segmentation gives. */
const isSegmentable = (label: string): boolean =>
  label.split(' ').every((word) => word in COLOURS || SEGMENTED.has(word));

/** Whether a segment is a piece of something that the detector reports, or of what joins its parts. */
function isDetected(segment: SceneObject, detected: readonly SceneObject[]): boolean {
  return detected.some((thing) => {
    if (covers(thing, segment.pose.position)) return true;
    const owner = thing.partOf === undefined ? undefined : detected.find((d) => d.id === thing.partOf);
    return owner !== undefined && isBetween(segment.pose.position, thing, owner);
  });
}

/** m */
const SLACK = 0.015;

function covers(thing: SceneObject, at: Vec3): boolean {
  const p = transformPoint(inverse(thing.pose), at);
  return [0, 1, 2].every((k) => Math.abs(p[k] as number) < (thing.size[k] as number) / 2 + SLACK);
}

/** In the part's frame: within its own width and height, on the way to the middle of what it is a part of. */
function isBetween(at: Vec3, part: SceneObject, owner: SceneObject): boolean {
  const p = transformPoint(inverse(part.pose), at);
  const o = transformPoint(inverse(part.pose), owner.pose.position);
  return [0, 1, 2].every((k) => {
    const half = (part.size[k] as number) / 2 + SLACK;
    return (
      (p[k] as number) > Math.min(-half, o[k] as number) && (p[k] as number) < Math.max(half, o[k] as number)
    );
  });
}
