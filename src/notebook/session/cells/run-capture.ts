import type { Capture } from '../../../core/capture.ts';
import { cloudHash } from '../../../core/capture.ts';
import { WaybookError } from '../../../core/errors.ts';
import type { PointCloud } from '../../../core/point-cloud.ts';
import type { SceneObject } from '../../../core/scene-object.ts';
import type { Scene, SceneLayer } from '../../../core/scene.ts';
import { SCENE_VERSION } from '../../../core/scene.ts';
import {
  DEFAULT_CROP,
  processCaptures,
  processCloud,
  type RawFrame,
} from '../../../perception/process-capture.ts';
import { segmentObjects } from '../../../perception/segment-objects.ts';
import { withPins } from '../../../planning/grounding/pins.ts';
import { type CaptureBody, parseCaptureBody } from '../../file/cell-bodies.ts';
import type { NotebookCell } from '../../file/document.ts';
import { restingArm } from '../../scenes/arm-layers.ts';
import { cameraLayer, cloudLayer, objectsLayer } from '../../scenes/layers.ts';
import type { CellContext, CellResult } from '../cell-context.ts';
import { readCloudFile } from '../cloud-file.ts';
import { cellId } from '../cell-id.ts';

/** Seconds of robot time that sensing is charged in lock-step, beside waiting for the next frame. */
const SENSING_COST = 0.05;

/** Looks once: cloud and objects, from a camera or a file, in `base` and without the robot's own points. */
export async function runCapture(context: CellContext, cell: NotebookCell): Promise<CellResult> {
  const body = parseCaptureBody(cell, context.params);
  const capture = await takeCapture(context, body);
  const id = cellId(cell);
  context.log.capture(id, capture);
  const labels = capture.objects.map((object) => object.label);
  const found = labels.length === 0 ? 'no objects' : `${labels.length} objects: ${listOf(labels)}`;
  const summary = `${capture.cloud.count.toLocaleString('en')} points, ${found}`;
  return {
    output: {
      kind: 'capture',
      cell: id,
      key: context.keyOf(cell),
      epoch: context.epoch,
      capture,
    },
    scene: captureScene(context, id, capture, summary),
    summary,
  };
}

/** The same, without a cell: for an instruction that names no capture. */
export async function takeCapture(context: CellContext, body: CaptureBody): Promise<Capture> {
  const { link, model } = context.world;
  const { names, pins } = context.document.frontMatter;
  const options = { voxel: body.voxel, crop: body.crop, keepRobot: body.keepRobot };
  if (body.file !== undefined) {
    const { cloud, note } = await readCloudFile(context.folder, body.file);
    const processed = processCloud(cloud, options);
    if (processed.count === 0 && cloud.count > 0) throw nothingLeft(body.file, cloud, body.crop);
    return {
      cloud: processed,
      source: body.file.split(/[\\/]/).at(-1) ?? body.file,
      objects: withPins(withNames(segmentObjects(processed), names), pins),
      rawCount: cloud.count,
      hash: cloudHash(processed),
      ...(note === undefined ? {} : { note }),
    };
  }
  const frames: RawFrame[] = [];
  for (const camera of camerasOf(body, Object.keys(link.profile.topics.cameras))) {
    const pictured =
      context.log.image !== undefined && link.profile.topics.cameras[camera]?.image !== undefined;
    const frame = await link.observe(camera, context.signal, { image: pictured });
    if (frame.image) context.log.image?.(frame.cloud.stamp, camera, frame.image);
    frames.push(frame);
  }
  const detected = await link.detect(context.signal);
  if (link.clock.lockStep) await link.clock.advance(SENSING_COST, context.signal);
  const capture = processCaptures(
    frames,
    { ...options, ...(detected ? { detections: detected } : {}) },
    {
      linkNames: model.linkNames,
      solids: model.solids,
      linkPoses: (joints, gripper) => model.linkPoses(joints, gripper),
    },
  );
  return { ...capture, objects: withPins(withNames(capture.objects, names), pins) };
}

/** The cameras that a capture looks with. Throws `input/reference` for one that the robot has not. */
export function camerasOf(body: CaptureBody, known: readonly string[]): readonly string[] {
  const asked = body.cameras === 'all' ? known : (body.cameras ?? [body.camera ?? known[0] ?? '']);
  const missing = asked.find((camera) => !known.includes(camera));
  if (missing === undefined && asked.length > 0) return asked;
  throw new WaybookError('input/reference', `The robot has no camera "${missing ?? ''}".`, {
    hint:
      known.length > 0
        ? `It has: ${known.join(', ')}.`
        : 'Its profile names none; capture from a file instead.',
  });
}

function nothingLeft(file: string, cloud: PointCloud, crop: CaptureBody['crop']): WaybookError {
  const { min, max } = boundsOf(cloud);
  const { min: low, max: high } = crop ?? DEFAULT_CROP;
  return new WaybookError(
    'input/limit',
    `None of the ${cloud.count.toLocaleString('en')} points of "${file}" is left: they lie between ${corner(min)} and ${corner(max)} m, outside the crop of ${corner(low)} to ${corner(high)} m or far apart.`,
    { hint: 'Give "crop" a box that holds them, in base.' },
  );
}

const corner = (at: readonly number[]): string => `(${at.map((v) => +v.toFixed(2)).join(', ')})`;

function boundsOf({ positions }: PointCloud): { min: number[]; max: number[] } {
  const min = [Infinity, Infinity, Infinity];
  const max = [-Infinity, -Infinity, -Infinity];
  positions.forEach((v, i) => {
    if (!Number.isFinite(v)) return;
    min[i % 3] = Math.min(min[i % 3] as number, v);
    max[i % 3] = Math.max(max[i % 3] as number, v);
  });
  return { min, max };
}

/** Objects with the further names that front matter gives them: `names: { workpiece: red cube }`. */
export function withNames(
  objects: readonly SceneObject[],
  names: Readonly<Record<string, string>> | undefined,
): readonly SceneObject[] {
  const entries = Object.entries(names ?? {});
  if (entries.length === 0) return objects;
  return objects.map((object) => {
    const aliases = entries.flatMap(([alias, of]) =>
      of === object.label || of === object.id ? [alias] : [],
    );
    return aliases.length === 0 ? object : { ...object, names: [...(object.names ?? []), ...aliases] };
  });
}

export function captureScene(context: CellContext, cell: string, capture: Capture, summary: string): Scene {
  const camera = cameraLayer(capture, cell);
  const layers: SceneLayer[] = [
    cloudLayer(capture, cell, context.layers),
    objectsLayer(capture, cell, new Set()),
  ];
  if (camera) layers.push(camera);
  if (capture.robot) layers.push(...restingArm(context, capture.robot));
  return {
    version: SCENE_VERSION,
    kind: 'capture',
    cell,
    title: `Capture #${cell}`,
    verdict: { ok: true, text: summary },
    facts: [
      {
        name: 'Points',
        value: `${capture.cloud.count.toLocaleString('en')} of ${capture.rawCount.toLocaleString('en')}`,
      },
      { name: 'Source', value: capture.source },
      { name: 'Objects', value: listOf(capture.objects.map((o) => o.label)) || 'none found' },
      ...(capture.note === undefined ? [] : [{ name: 'Note', value: capture.note }]),
      { name: 'Content', value: `sha256 ${capture.hash.slice(0, 8)}` },
    ],
    layers,
    provenance: context.provenance({ captureHash: capture.hash }),
  };
}

/** "red cube, blue bowl and 3 more" */
function listOf(labels: readonly string[], most = 6): string {
  if (labels.length <= most) return labels.join(', ');
  return `${labels.slice(0, most - 1).join(', ')} and ${labels.length - most + 1} more`;
}
