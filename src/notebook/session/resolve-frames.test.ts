import { describe, expect, it } from 'vitest';
import type { Capture } from '../../core/capture.ts';
import { emptyCloud } from '../../core/point-cloud.ts';
import type { SceneObject } from '../../core/scene-object.ts';
import type { NotebookCell } from '../file/document.ts';
import { parseWaypointsBody } from '../file/cell-bodies.ts';
import { resolveWaypoints } from './resolve-frames.ts';

const object = (id: string, label: string, position: [number, number, number], yaw = 0): SceneObject => ({
  id,
  label,
  pose: { position, orientation: [0, 0, Math.sin(yaw / 2), Math.cos(yaw / 2)] },
  size: [0.04, 0.04, 0.04],
  score: 1,
  source: 'detections',
});
const captureOf = (...objects: SceneObject[]): Capture => ({
  cloud: emptyCloud('base', 0),
  source: 'front',
  objects,
  rawCount: 0,
  hash: '',
});
const cellOf = (body: object): NotebookCell => ({
  kind: 'waypoints',
  id: 'grasp',
  attributes: {},
  body: JSON.stringify(body),
  raw: '',
  line: 10,
  bodyLine: 11,
});
const waypoint = {
  label: 'beside',
  position: [0.1, 0, 0],
  orientation: [1, 0, 0, 0],
  gripper: 1,
  radius: 0.02,
};
const resolved = (body: object, capture: Capture | undefined) => {
  const cell = cellOf(body);
  return resolveWaypoints(parseWaypointsBody(cell, {}), capture, cell);
};

describe('resolveWaypoints', () => {
  it('leaves waypoints in base where they are', () => {
    expect(resolved({ frame: 'base', waypoints: [waypoint] }, undefined)[0]?.position).toEqual([0.1, 0, 0]);
  });

  it('follows an object that moved and turned', () => {
    const capture = captureOf(object('cube-1', 'red cube', [0.5, 0.2, 0.02], Math.PI / 2));
    const [only] = resolved({ frame: { object: 'red cube' }, waypoints: [waypoint] }, capture);
    expect(only?.position[0]).toBeCloseTo(0.5, 9);
    expect(only?.position[1]).toBeCloseTo(0.3, 9);
    expect(only?.position[2]).toBeCloseTo(0.02, 9);
  });

  it('lets a waypoint override the frame of its cell', () => {
    const capture = captureOf(object('cube-1', 'red cube', [0.5, 0.2, 0.02]));
    const body = { frame: 'base', waypoints: [waypoint, { ...waypoint, frame: { object: 'cube-1' } }] };
    expect(resolved(body, capture).map((w) => w.position[0])).toEqual([0.1, 0.6]);
  });

  it('refuses a name that nothing or more than one thing answers to, and says what is there', () => {
    const capture = captureOf(object('a', 'red cube', [0, 0, 0]), object('b', 'red cube', [1, 0, 0]));
    const body = (name: string) => ({ frame: { object: name }, waypoints: [waypoint] });
    expect(() => resolved(body('red cube'), capture)).toThrow(/2 things are called "red cube": a, b/);
    expect(() => resolved(body('mug'), capture)).toThrow(/no "mug"/);
    expect(() => resolved(body('mug'), undefined)).toThrow(/needs a capture/);
  });
});
