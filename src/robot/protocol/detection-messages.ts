import { rotate, type Pose, type Quat, type Vec3 } from '../../core/geometry.ts';
import type { Articulation } from '../../core/scene-object.ts';
import { asFields, asOptionalFields, asOptionalFinite, asOptionalList, asOptionalString } from './fields.ts';
import { parseHeader, parsePose, parseVector, poseMessage, vectorMessage } from './geometry-messages.ts';
import type { HeaderMessage, PoseMessage, VectorMessage } from './geometry-messages.ts';

/** `vision_msgs/msg/Detection3DArray` (vision_msgs 4). */
export interface Detection3DArrayMessage {
  readonly header: HeaderMessage;
  readonly detections: readonly {
    readonly header: HeaderMessage;
    readonly results: readonly {
      readonly hypothesis: { readonly class_id: string; readonly score: number };
      readonly pose: { readonly pose: PoseMessage; readonly covariance: Float64Array };
    }[];
    readonly bbox: { readonly center: PoseMessage; readonly size: VectorMessage };
    readonly id: string;
  }[];
}

/** One detected thing in the message's frame. */
export interface Detection {
  readonly id: string;
  /** class of the likeliest hypothesis */
  readonly label: string;
  /** 0..1 */
  readonly score: number;
  readonly pose: Pose;
  /** full extents [m] */
  readonly size: Vec3;
  /** how it moves, where the detector knows: the axis and, of a hinge, a point on it, in the message's frame */
  readonly articulation?: Articulation;
  /** id of the detection that it is a part of, where the detector knows */
  readonly partOf?: string;
}

/*
 * vision_msgs has no field for how a thing moves. It travels in further results of no score, which others take for unlikely
 * hypotheses: "joint:revolute:1.7" (kind, and travel [m or rad] where known) with the joint's place as pose, +X along its
 * axis; "part-of:ID".
 */
const JOINT = /^joint:(revolute|prismatic)(?::(\d+(?:\.\d+)?))?$/;
const PART = /^part-of:(.+)$/s;

export function detectionsMessage(
  header: HeaderMessage,
  detections: readonly Detection[],
): Detection3DArrayMessage {
  return {
    header,
    detections: detections.map(({ id, label, score, pose, size, articulation, partOf }) => ({
      header,
      results: [
        {
          hypothesis: { class_id: label, score },
          pose: { pose: poseMessage(pose), covariance: new Float64Array(36) },
        },
        ...(articulation === undefined ? [] : [jointResult(articulation, pose)]),
        ...(partOf === undefined ? [] : [unlikely(`part-of:${partOf}`, pose)]),
      ],
      bbox: { center: poseMessage(pose), size: vectorMessage(size) },
      id,
    })),
  };
}

const unlikely = (classId: string, pose: Pose) => ({
  hypothesis: { class_id: classId, score: 0 },
  pose: { pose: poseMessage(pose), covariance: new Float64Array(36) },
});

function jointResult({ kind, axis, origin, travel }: Articulation, { position }: Pose) {
  const known = travel === undefined ? '' : `:${+travel.toFixed(6)}`;
  return unlikely(`joint:${kind}${known}`, { position: origin ?? position, orientation: ontoAxis(axis) });
}

/** The shortest turn that takes +X to an axis. */
function ontoAxis([x, y, z]: Vec3): Quat {
  // the quaternion (x × axis, 1 + x · axis), normalised
  if (x < -1 + 1e-9) return [0, 0, 1, 0];
  const length = Math.hypot(z, y, 1 + x);
  return [0, -z / length, y / length, (1 + x) / length];
}

function jointOf(
  classId: string,
  result: Readonly<Record<string, unknown>>,
  path: string,
): Articulation | undefined {
  const found = JOINT.exec(classId);
  if (!found) return undefined;
  const pose = parsePose(asOptionalFields(result['pose'], `${path}.pose`)['pose'], `${path}.pose.pose`);
  const axis = rotate(pose.orientation, [1, 0, 0]);
  const travel = found[2] === undefined ? {} : { travel: Number(found[2]) };
  return found[1] === 'revolute'
    ? { kind: 'revolute', axis, origin: pose.position, ...travel }
    : { kind: 'prismatic', axis, ...travel };
}

/** Detections without a hypothesis are left out. Throws `link/protocol` on poses that are not finite. */
export function parseDetections(value: unknown): { header: HeaderMessage; detections: Detection[] } {
  const fields = asFields(value, 'detections');
  const detections: Detection[] = [];
  asOptionalList(fields['detections'], 'detections.detections').forEach((item, i) => {
    const path = `detections[${i}]`;
    const detection = asFields(item, path);
    let best: { label: string; score: number } | undefined;
    let articulation: Articulation | undefined;
    let partOf: string | undefined;
    asOptionalList(detection['results'], `${path}.results`).forEach((result, k) => {
      const at = `${path}.results[${k}].hypothesis`;
      const fields = asFields(result, at);
      const hypothesis = asOptionalFields(fields['hypothesis'], at);
      const label = asOptionalString(hypothesis['class_id'], `${at}.class_id`) ?? '';
      const joint = jointOf(label, fields, `${path}.results[${k}]`);
      articulation = joint ?? articulation;
      const part = PART.exec(label)?.[1];
      partOf = part ?? partOf;
      if (joint !== undefined || part !== undefined) return;
      const score = asOptionalFinite(hypothesis['score'], `${at}.score`, 0);
      if (!best || score > best.score) best = { label, score };
    });
    if (!best) return;
    const box = asFields(detection['bbox'], `${path}.bbox`);
    detections.push({
      id: asOptionalString(detection['id'], `${path}.id`) ?? `${i}`,
      ...best,
      pose: parsePose(box['center'], `${path}.bbox.center`),
      size: parseVector(box['size'], `${path}.bbox.size`),
      ...(articulation === undefined ? {} : { articulation }),
      ...(partOf === undefined ? {} : { partOf }),
    });
  });
  return { header: parseHeader(fields['header'], 'detections.header'), detections };
}
