import { describe, expect, it } from 'vitest';
import type { EpisodeRecord } from '../../evaluation/record.ts';
import type { EpisodeResult, Outcome } from '../../evaluation/episode.ts';
import { findings, type Finding } from './criteria.ts';
import { groupsOf, pairedTable, reasonsOf, recoveredTable, successTable, taskTable } from './tables.ts';

const record = (
  method: string,
  condition: string,
  seed: number,
  outcome: Outcome,
  rest: Partial<EpisodeResult> = {},
  task = 'pick-and-hold',
): EpisodeRecord => ({
  key: `${method} ${condition} ${seed} ${task}`,
  task,
  seed,
  condition,
  method,
  result: { outcome, reason: '', ms: 1, ...rest },
});
const series = (
  method: string,
  condition: string,
  n: number,
  outcome: (seed: number) => Outcome,
): EpisodeRecord[] => Array.from({ length: n }, (_, seed) => record(method, condition, seed, outcome(seed)));
const finding = (records: readonly EpisodeRecord[], id: string): Finding =>
  findings(records).find((f) => f.id === id)!;

describe('findings', () => {
  it('leave everything open without records', () => {
    expect(findings([]).every((f) => f.holds === undefined)).toBe(true);
  });

  it('judge abstention over nothing by its rate, from 100 episodes on', () => {
    const abstains = (n: number, share: number) =>
      series('expert', 'shift=empty', n, (seed) => (seed < share * n ? 'abstained' : 'not-followed'));
    expect(finding(abstains(99, 1), '8.nothing').holds).toBeUndefined();
    expect(finding(abstains(100, 0.95), '8.nothing').holds).toBe(true);
    expect(finding(abstains(100, 0.85), '8.nothing').holds).toBe(false);
  });

  it('count only plans near the truth as the thing being there', () => {
    const grasp = (error: number) => ({ grasp: { error, planned: error, yaw: 0, elongated: false } });
    const records = Array.from({ length: 200 }, (_, seed) => [
      record('spline', 'shared=10', seed, 'task', grasp(seed < 100 ? 0.01 : 0.03)),
      record('expert', 'shared=10', seed, seed < 100 ? 'success' : 'abstained'),
    ]).flat();
    const present = finding(records, '8.present');
    expect(present.holds).toBe(true);
    expect(present.found).toMatch(/^0\.0 % .*n 100/);
  });

  it('compare held-out arms over plans that both reach', () => {
    const away = 'shared=10,arm=ur5e-class';
    const records = [
      ...series('oracle', 'shared=10', 300, () => 'success'),
      ...series('oracle', away, 300, (seed) => (seed < 250 ? 'success' : 'reach')),
      ...series('expert', 'shared=10', 300, () => 'success'),
      ...series('expert', away, 300, (seed) => (seed < 240 ? 'success' : 'reach')),
    ];
    const arm = finding(records, '4.arm.ur5e-class');
    expect(arm.found).toMatch(/^-4\.0 points .*n 250/);
    expect(arm.holds).toBe(true);
  });

  it('halve the yaw error of the same episodes', () => {
    const turn = (yaw: number) => ({ grasp: { error: 0, planned: 0, yaw, elongated: true } });
    const at = (yaw: number): EpisodeRecord[] =>
      Array.from({ length: 120 }, (_, seed) => [
        record('expert', 'yaw=15,object=rod', seed, 'success', turn(yaw)),
        record('expert-erased', 'yaw=15,object=rod', seed, 'task', turn(0.2)),
      ]).flat();
    expect(finding(at(0.08), '5').holds).toBe(true);
    expect(finding(at(0.12), '5').holds).toBe(false);
  });

  it('say how many followed a decoy; those that abstain do not', () => {
    const condition = 'shared=10,shift=distractor,distractors=2';
    const records = series('expert', condition, 100, (seed) => (seed < 82 ? 'followed' : 'abstained'));
    expect(finding(records, '6.shift')).toMatchObject({ holds: true });
    expect(finding(records, '6.shift').found).toMatch(/82\.0 % .*abstained 18/);
    expect(finding(records, '8.wrong').found).toMatch(/^18\.0 %/);
  });
});

describe('tables', () => {
  const cells = [
    {
      label: 'ours',
      condition: 'exact',
      tasks: ['stack'],
      episodes: 2,
      methods: ['spline', 'expert', 'oracle'],
    },
  ];
  const records = [
    ...[0, 1, 2, 3].flatMap((seed) => [
      record('spline', 'exact', seed, seed === 0 ? 'success' : 'grasp', {}, 'stack'),
      record(
        'expert',
        'exact',
        seed,
        seed < 3 ? 'success' : 'abstained',
        { reason: 'confidence 0.12' },
        'stack',
      ),
      record('oracle', 'exact', seed, 'success', {}, 'stack'),
    ]),
    record('expert', 'exact', 9, 'success', {}, 'insert-peg'),
  ];
  const groups = groupsOf(cells, records);

  it('hold the cells’ own episodes only', () => {
    expect(groups).toHaveLength(1);
    expect(groups[0]!.records).toHaveLength(12);
    expect(successTable(groups)).toMatch(/ours +expert +3 +4 +75\.0 %/);
    expect(taskTable(groups)).toMatch(/ours +stack +4 +25\.0 % +75\.0 % +100\.0 %/);
  });

  it('pair the judged method with the others', () => {
    expect(pairedTable(groups, 'expert')).toMatch(/ours +spline +\+50\.0/);
    expect(recoveredTable(groups)).toMatch(/ours +expert +66\.7 %/);
  });

  it('count reasons that differ in numbers only as one', () => {
    expect(reasonsOf(groups, 'expert')).toBe('  1x exact stack: abstained: confidence #\n');
  });
});
