import type { Pose, Vec3 } from '../../core/geometry.ts';
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
}

export function detectionsMessage(
  header: HeaderMessage,
  detections: readonly Detection[],
): Detection3DArrayMessage {
  return {
    header,
    detections: detections.map(({ id, label, score, pose, size }) => ({
      header,
      results: [
        {
          hypothesis: { class_id: label, score },
          pose: { pose: poseMessage(pose), covariance: new Float64Array(36) },
        },
      ],
      bbox: { center: poseMessage(pose), size: vectorMessage(size) },
      id,
    })),
  };
}

/** Detections without a hypothesis are left out. Throws `link/protocol` on poses that are not finite. */
export function parseDetections(value: unknown): { header: HeaderMessage; detections: Detection[] } {
  const fields = asFields(value, 'detections');
  const detections: Detection[] = [];
  asOptionalList(fields['detections'], 'detections.detections').forEach((item, i) => {
    const path = `detections[${i}]`;
    const detection = asFields(item, path);
    let best: { label: string; score: number } | undefined;
    asOptionalList(detection['results'], `${path}.results`).forEach((result, k) => {
      const at = `${path}.results[${k}].hypothesis`;
      const hypothesis = asOptionalFields(asFields(result, at)['hypothesis'], at);
      const label = asOptionalString(hypothesis['class_id'], `${at}.class_id`) ?? '';
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
    });
  });
  return { header: parseHeader(fields['header'], 'detections.header'), detections };
}
