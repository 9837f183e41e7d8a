import { describe, expect, it } from 'vitest';
import { HELD_OUT_TASKS, TRAINED_TASKS } from '../refinement/demos/task-split.ts';
import { tasks as scenes } from '../simulator/tasks/index.ts';
import { conditionName, parseCondition } from './condition.ts';
import { keyOf } from './record.ts';
import { sceneJobsOf } from './scene-jobs.ts';
import { cellsOf, FIRST_SEED, requestsOf, SUITES } from './suites.ts';

const model = { path: 'a.onnx', sha256: 'a' };
const models = { expert: model, stage1: model, 'appf-1': model };

describe('suites', () => {
  it.each(SUITES)(
    '%s asks for scenes and conditions that there are, in cells of 200 over their tasks',
    (suite) => {
      for (const cell of cellsOf(suite, Object.keys(models))) {
        expect(conditionName(parseCondition(cell.condition))).toBe(cell.condition);
        for (const task of cell.tasks) expect(scenes.map((scene) => scene.name)).toContain(task);
      }
      const requests = requestsOf(cellsOf(suite, Object.keys(models)), FIRST_SEED.development, models);
      expect(requests.every((r) => r.seed < 10_000)).toBe(true);
    },
  );

  it('never puts a task on both sides of "trained" and "held out"', () => {
    for (const cell of cellsOf('heldout', ['expert'])) {
      const held = cell.tasks.filter((task) => HELD_OUT_TASKS.some((h) => h === task));
      expect(held.length === 0 || held.length === cell.tasks.length).toBe(true);
      if (cell.label.startsWith('trained tasks')) expect(cell.tasks).toEqual([...TRAINED_TASKS]);
    }
  });

  it('goes through all cells seed by seed, so that a part of it is balanced', () => {
    const requests = requestsOf(cellsOf('sweeps', ['expert']), 0, models);
    const first = requests.slice(
      0,
      requests.findIndex((r) => r.seed === 1),
    );
    expect(new Set(first.map((r) => r.condition)).size).toBe(cellsOf('sweeps', ['expert']).length);
    expect(requests.map((r) => r.seed)).toEqual(requests.map((r) => r.seed).sort((a, b) => a - b));
  });

  it('puts what shares a world into one job, and nothing else', () => {
    const requests = [
      { task: 'stack', seed: 1, condition: 'exact', method: 'spline' },
      { task: 'stack', seed: 1, condition: 'shared=20', method: 'snap' },
      { task: 'stack', seed: 1, condition: 'shared=20,arm=ur5e-class', method: 'snap' },
      { task: 'stack', seed: 2, condition: 'exact', method: 'spline' },
    ];
    expect(sceneJobsOf(requests).map((job) => job.episodes.length)).toEqual([2, 1, 1]);
  });

  it('knows a model by its content, not by its name or place', () => {
    const request = { task: 'stack', seed: 1, condition: 'exact', method: 'expert', model };
    expect(keyOf({ ...request, method: 'expert@other', model: { ...model, path: 'b.onnx' } })).toBe(
      keyOf(request),
    );
    expect(keyOf({ ...request, model: { ...model, sha256: 'b' } })).not.toBe(keyOf(request));
  });

  it('says which model is missing', () => {
    expect(() => requestsOf(cellsOf('smoke', []), 0, {})).toThrow(/needs the model "expert"/);
  });
});
