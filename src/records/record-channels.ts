import * as foxglove from '@foxglove/schemas/jsonschema';

const number = { type: 'number' } as const;
const text = { type: 'string' } as const;
const numbers = { type: 'array', items: number } as const;
const texts = { type: 'array', items: text } as const;
const object = (
  properties: Record<string, object>,
  required: readonly string[] = Object.keys(properties),
): object => ({
  type: 'object',
  properties,
  required,
});
const titled = (title: string, description: string, body: object): object => ({
  title,
  description,
  ...body,
});
const waypoint = object({
  label: text,
  position: numbers,
  orientation: numbers,
  gripper: number,
  radius: number,
});
const anyObject = { type: 'object' } as const;

/**
 * Channels of a record: topic, schema name and JSON Schema. Foxglove's schemas where one says it, ours (in
 * docs/records.md) beside them. All messages are JSON; times are robot time.
 */
export const CHANNELS = {
  cloud: { topic: '/capture/points', name: 'foxglove.PointCloud', schema: foxglove.PointCloud },
  image: { topic: '/capture/image', name: 'foxglove.CompressedImage', schema: foxglove.CompressedImage },
  tf: { topic: '/tf', name: 'foxglove.FrameTransforms', schema: foxglove.FrameTransforms },
  waypointPoses: { topic: '/waypoints/poses', name: 'foxglove.PosesInFrame', schema: foxglove.PosesInFrame },
  path: { topic: '/trajectory/path', name: 'foxglove.PosesInFrame', schema: foxglove.PosesInFrame },
  joints: { topic: '/joint_states', name: 'foxglove.JointStates', schema: foxglove.JointStates },
  log: { topic: '/log', name: 'foxglove.Log', schema: foxglove.Log },
  capture: {
    topic: '/capture',
    name: 'waybook.Capture',
    schema: titled(
      'waybook.Capture',
      'What a capture was made of; its points are in /capture/points at the same time.',
      object(
        {
          cell: text,
          source: text,
          hash: text,
          count: number,
          rawCount: number,
          objects: { type: 'array', items: anyObject },
          cameraPose: anyObject,
          intrinsics: anyObject,
          robot: anyObject,
        },
        ['cell', 'source', 'hash', 'count', 'rawCount', 'objects'],
      ),
    ),
  },
  plan: {
    topic: '/plan',
    name: 'waybook.Plan',
    schema: titled(
      'waybook.Plan',
      'A plan and the planner it came from; waypoints in base.',
      object(
        {
          cell: text,
          provider: text,
          model: text,
          promptHash: text,
          summary: text,
          viewpoint: text,
          steps: { type: 'array' },
          waypoints: { type: 'array', items: waypoint },
        },
        ['cell', 'provider', 'summary', 'steps', 'waypoints'],
      ),
    ),
  },
  attempt: {
    topic: '/plan/attempts',
    name: 'waybook.PlanAttempt',
    schema: titled(
      'waybook.PlanAttempt',
      'One answer of a planner and what was wrong with it.',
      object({ cell: text, provider: text, attempt: number, raw: text, problems: texts }),
    ),
  },
  waypoints: {
    topic: '/waypoints',
    name: 'waybook.Waypoints',
    schema: titled(
      'waybook.Waypoints',
      'Waypoints in base: as asked, and as refined.',
      object(
        {
          cell: text,
          asked: { type: 'array', items: waypoint },
          refined: { type: 'array', items: waypoint },
          refiner: text,
          instead: object({ of: text, why: text }),
        },
        ['cell', 'asked', 'refined', 'refiner'],
      ),
    ),
  },
  trajectory: {
    topic: '/trajectory',
    name: 'waybook.Trajectory',
    schema: titled(
      'waybook.Trajectory',
      'n samples of d joints: times [n] s, joints and velocities [n*d] rad and rad/s, tool [n*7] x y z qx qy qz qw in base, gripper [n] 0..1.',
      object(
        {
          cell: text,
          hash: text,
          speed: number,
          clearance: number,
          jointNames: texts,
          times: numbers,
          joints: numbers,
          velocities: numbers,
          tool: numbers,
          gripper: numbers,
          segments: { type: 'array', items: anyObject },
          waypointSamples: numbers,
        },
        [
          'cell',
          'hash',
          'speed',
          'jointNames',
          'times',
          'joints',
          'velocities',
          'tool',
          'gripper',
          'segments',
          'waypointSamples',
        ],
      ),
    ),
  },
  motion: {
    topic: '/motion',
    name: 'waybook.Motion',
    schema: titled(
      'waybook.Motion',
      'A motion as requested, as clamped to limits, or as executed: times [n] s, joints [n*d] rad.',
      object(
        {
          cell: text,
          phase: { enum: ['requested', 'clamped', 'executed'] },
          trajectoryHash: text,
          jointNames: texts,
          times: numbers,
          joints: numbers,
          note: text,
        },
        ['cell', 'phase', 'trajectoryHash', 'jointNames', 'times', 'joints'],
      ),
    ),
  },
  gripper: {
    topic: '/gripper',
    name: 'waybook.Gripper',
    schema: titled(
      'waybook.Gripper',
      'Opening of the gripper, 0 closed to 1 open.',
      object({ stamp: number, opening: number }),
    ),
  },
  event: {
    topic: '/events',
    name: 'waybook.Event',
    schema: titled(
      'waybook.Event',
      'Something that happened.',
      object({ stamp: number, cell: text, text, data: anyObject }, ['stamp', 'cell', 'text']),
    ),
  },
  output: {
    topic: '/outputs',
    name: 'waybook.Output',
    schema: titled(
      'waybook.Output',
      'The output of a cell; its preview is a file beside the record.',
      object({ cell: text, key: text, summary: text, ok: { type: 'boolean' }, preview: text }),
    ),
  },
  provenance: {
    topic: '/provenance',
    name: 'waybook.Provenance',
    schema: titled(
      'waybook.Provenance',
      'What the run came from.',
      object({ notebook: text, provenance: anyObject }),
    ),
  },
  end: {
    topic: '/end',
    name: 'waybook.RunEnd',
    schema: titled(
      'waybook.RunEnd',
      'How the run ended. Missing where it was killed.',
      object({ outcome: text, exitCode: number, verdict: anyObject, finalStateHash: text, failure: text }, [
        'outcome',
        'exitCode',
      ]),
    ),
  },
} as const;

export type ChannelName = keyof typeof CHANNELS;
