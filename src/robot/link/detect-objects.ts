import { WaybookError } from '../../core/errors.ts';
import type { Pose, Vec3 } from '../../core/geometry.ts';
import { compose, rotate, transformPoint } from '../../core/geometry.ts';
import type { Articulation, SceneObject } from '../../core/scene-object.ts';
import { parseDetections } from '../protocol/detection-messages.ts';
import type { Detection } from '../protocol/detection-messages.ts';
import { secondsOf } from '../protocol/ros-time.ts';
import type { LinkSession } from './link-session.ts';
import { LockStepClock } from './lock-step-clock.ts';

const SILENT_AFTER = 3;
/** Markings are this thin or thinner [m]. */
const FLAT = 0.002;
const COLOURS = new Set(
  'red orange yellow green cyan blue purple violet magenta pink brown black white grey gray'.split(' '),
);

/** The detector's next word, in base; undefined where the robot has no detector. Throws `link/timeout`. */
export async function detectObjects(
  session: LinkSession,
  signal: AbortSignal,
): Promise<readonly SceneObject[] | undefined> {
  const { profile, clock, data, found } = session;
  const topic = profile.topics.detections;
  if (topic === undefined || !found.topics.has(topic)) return undefined;
  const after = session.newestStamp();
  let parsed: ReturnType<typeof parseDetections> | undefined;
  const unsubscribe = [
    data.subscribe(topic, { type: session.type('vision_msgs/msg/Detection3DArray') }, (msg) => {
      const message = parseDetections(msg);
      if (!parsed && secondsOf(message.header.stamp) > after) parsed = message;
    }),
    data.subscribe('/tf', { type: session.type('tf2_msgs/msg/TFMessage') }, (msg) =>
      session.tf.add(msg, false),
    ),
  ];
  if (clock instanceof LockStepClock) unsubscribe.push(clock.awaitData());
  try {
    await data.roundTrip({ signal });
    await clock.until(() => parsed !== undefined, SILENT_AFTER, signal);
    if (!parsed) {
      throw new WaybookError(
        'link/timeout',
        `The detector (${topic}) has said nothing for ${SILENT_AFTER} s.`,
        {
          hint: 'Is its node running? Take "detections" out of the profile to use segmentation instead.',
        },
      );
    }
    const { header, detections } = parsed;
    const frame = header.frame_id.replace(/^\//, '');
    const inBase = session.tf.lookup(profile.frames.base, frame, secondsOf(header.stamp));
    if (!inBase) {
      throw new WaybookError('link/fault', `Detections come in frame "${frame}", whose place is unknown.`, {
        hint: `Publish the transform from "${profile.frames.base}" to it.`,
      });
    }
    return sceneObjects(detections, inBase);
  } finally {
    for (const stop of unsubscribe) stop();
  }
}

/** Detections as things that words can mean: colour and shape from the label, handles tied to what they open. */
export function sceneObjects(detections: readonly Detection[], frame: Pose): SceneObject[] {
  const objects = detections.map((detection) => {
    const { articulation, partOf } = detection;
    return {
      ...sceneObject(detection, compose(frame, detection.pose)),
      ...(articulation === undefined ? {} : { articulation: inFrame(articulation, frame) }),
      ...(partOf === undefined ? {} : { partOf }),
    };
  });
  return objects.map((object) => (object.shape === 'handle' ? asHandle(object, objects) : object));
}

function inFrame(joint: Articulation, frame: Pose): Articulation {
  const { origin } = joint;
  return {
    ...joint,
    axis: rotate(frame.orientation, joint.axis),
    ...(origin === undefined ? {} : { origin: transformPoint(frame, origin) }),
  };
}

const CONNECTORS: ReadonlySet<string> = new Set(['with', 'of', 'for', 'in', 'on', 'from']);

function sceneObject({ id, label, score, size }: Detection, pose: Pose): SceneObject {
  const words = label.trim().toLowerCase().split(/\s+/);
  const colour = words.find((word) => COLOURS.has(word));
  // "plate with a hole" is a plate.
  const proper = words.findIndex((word, i) => i > 0 && CONNECTORS.has(word));
  const last = words[(proper < 0 ? words.length : proper) - 1] ?? '';
  const shape = size[2] <= FLAT || last === 'target' ? 'region' : COLOURS.has(last) ? undefined : last;
  return {
    id,
    label,
    ...(colour === undefined ? {} : { colour: colour === 'gray' ? 'grey' : colour }),
    ...(shape === undefined || shape === '' ? {} : { shape }),
    pose,
    size,
    score: Math.min(1, Math.max(0, score)),
    source: 'detections',
  };
}

/** Where it is not said, a handle's own +X points where it opens, and its label starts with what it belongs to. */
function asHandle(handle: SceneObject, all: readonly SceneObject[]): SceneObject {
  if (handle.articulation !== undefined && handle.partOf !== undefined) return handle;
  const owner = handle.label
    .trim()
    .replace(/\s*handle$/i, '')
    .toLowerCase();
  const parent = all.find((object) => object !== handle && object.label.trim().toLowerCase() === owner);
  const axis: Vec3 = rotate(handle.pose.orientation, [1, 0, 0]);
  return {
    ...handle,
    ...(parent && handle.partOf === undefined ? { partOf: parent.id } : {}),
    articulation: handle.articulation ?? { kind: 'prismatic', axis },
  };
}
