import { describe, expect, it } from 'vitest';
import { inverse, transformPoint, type Vec3 } from '../../core/geometry.ts';
import { askedOf, fakeOpenAi } from '../testing/fake-openai.ts';
import { requestOver, tableScene } from '../testing/scenes.ts';
import type { PlanRequest, PlanView } from '../planner.ts';
import { depthImage } from './depth-image.ts';
import { letterboxOf, toLetterbox } from './letterbox.ts';
import { project } from './lifting.ts';
import { OpenAiClient } from './openai-client.ts';
import { encodePng } from './png.ts';
import { vlmPlanner } from './vlm-planner.ts';

/** Looks straight down from 1 m over the table; the table is measured everywhere. */
const view: PlanView = {
  camera: 'top',
  image: encodePng({ width: 320, height: 240, rgb: new Uint8Array(3 * 320 * 240).fill(120) }),
  intrinsics: { width: 320, height: 240, fx: 220, fy: 220, cx: 160, cy: 120 },
  cameraPose: { position: [0.5, 0, 1], orientation: [-Math.SQRT1_2, Math.SQRT1_2, 0, 0] },
  depth: new Float32Array(320 * 240).fill(1),
};

/** A tool point as a model of the family would say it, its depths `off` metres wrong. */
function uvd(at: Vec3, off = 0): [number, number, number] {
  const [u, v] = project(view, at)!;
  const [x, y] = toLetterbox(letterboxOf(320, 240), u, v);
  const depth = transformPoint(inverse(view.cameraPose), at)[2] + off;
  return [Math.round(x), Math.round(y), Math.round(depth * 1000) / 1000];
}

// a red cube at (0.45, 0.1) to over the blue bowl at (0.4, -0.28)
const TRACE: readonly Vec3[] = [
  [0.45, 0.1, 0.03],
  [0.43, 0, 0.2],
  [0.4, -0.15, 0.22],
  [0.4, -0.28, 0.1],
];
const tuples = (off = 0): string =>
  `The waypoints are [${TRACE.map((p) => `(${uvd(p, off).join(', ')})`).join(', ')}]`;

async function plan(model: string, replies: readonly string[], objects = tableScene) {
  await using server = await fakeOpenAi(replies.map((text) => ({ kind: 'reply', text })));
  const request: PlanRequest = {
    ...requestOver('put the red cube in the blue bowl', objects),
    views: [view],
  };
  const port = new OpenAiClient({ baseUrl: server.baseUrl, model, timeout: 5000 });
  try {
    const result = await vlmPlanner(port).plan(request, new AbortController().signal);
    return { result, requests: server.requests };
  } catch (error) {
    return { error: error as Error & { code: string }, requests: server.requests };
  }
}

describe('planning from traces with depths', () => {
  it('takes tuples: grasp by geometry, the air as the trace has it, release at its end', async () => {
    const { result, requests } = await plan('RoboBrain2.5-8B', [tuples()]);
    const labels = result?.waypoints.map((w) => w.label);
    expect(labels).toEqual([
      'above red cube',
      'grasp red cube',
      'lift red cube',
      'via 2',
      'via 3',
      'release red cube',
      'retreat',
    ]);
    const at = (label: string) => result!.waypoints.find((w) => w.label === label)!;
    expect(at('grasp red cube').position[0]).toBeCloseTo(0.45, 3);
    expect(at('grasp red cube').gripper).toBe(0);
    expect(at('via 3').position[2]).toBeGreaterThan(0.17);
    expect(at('release red cube').position[1]).toBeCloseTo(-0.28, 1);
    expect(at('release red cube').gripper).toBeGreaterThan(0.5);
    expect(askedOf(requests[0]!).text).toMatch(
      /3D end-effector-centric waypoints.*put the red cube in the blue bowl/,
    );
    expect(askedOf(requests[0]!).image).toBeDefined();
    expect(requests[0]!.body.response_format).toBeUndefined();
  });

  it('takes JSON with gripper events', async () => {
    const events = ['open', 'close', undefined, undefined, 'open'];
    const above: Vec3 = [0.45, 0.1, 0.25];
    const json = JSON.stringify(
      [above, ...TRACE].map((p, i) => ({
        point_3d: uvd(p),
        label: String(i + 1),
        ...(events[i] === undefined ? {} : { gripper: events[i] }),
      })),
    );
    const { result } = await plan('3D_HAMSTER', [`\`\`\`json\n${json}\n\`\`\``]);
    expect(result?.waypoints.map((w) => w.label).slice(0, 3)).toEqual([
      'via 1',
      'above red cube',
      'grasp red cube',
    ]);
  });

  it('takes from all points what the depth of the grasp is off by', async () => {
    const exact = (await plan('robobrain', [tuples()])).result!;
    const off = (await plan('robobrain', [tuples(-0.05)])).result!;
    const height = (of: typeof exact) => of.waypoints.find((w) => w.label === 'via 3')!.position[2];
    expect(height(off)).toBeCloseTo(height(exact), 2);
  });

  it('sends back points behind what the camera sees, and where nothing is, and gives up with all attempts', async () => {
    const behind = '[(500, 375, 1.4), (500, 300, 0.8)]';
    const nowhere = '[(10, 10, 0.9), (500, 300, 0.8)]';
    const { error, requests } = await plan('robobrain', [behind, nowhere, 'I cannot see.']);
    expect(error?.code).toBe('input/planner');
    expect(JSON.stringify(requests[1]?.body.messages)).toContain('behind the surface');
    expect(JSON.stringify(requests[2]?.body.messages)).toContain('no known object');
    const repaired = await plan('robobrain', [behind, tuples()]);
    expect(repaired.result?.attempts).toHaveLength(2);
  });

  it('makes a depth picture of a cloud: the nearest point of a pixel counts', () => {
    const positions = new Float32Array([0, 0, 0.9, 0, 0, 0.5, 0.1, 0, 1, NaN, NaN, NaN]);
    const cloud = { frame: 'c', stamp: 0, count: 4, positions };
    const depth = depthImage(cloud, { width: 32, height: 24, fx: 20, fy: 20, cx: 16, cy: 12 });
    expect(depth[12 * 32 + 16]).toBeCloseTo(0.5, 6);
    expect(depth[12 * 32 + 18]).toBeCloseTo(1, 6);
    expect(depth.filter((d) => !Number.isNaN(d))).toHaveLength(2);
  });
});
