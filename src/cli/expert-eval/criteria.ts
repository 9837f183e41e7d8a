import {
  comparePaired,
  finished,
  fractionRatio,
  mean,
  pairs,
  recoveredFraction,
  select,
  type Finished,
} from '../../evaluation/analysis.ts';
import type { EpisodeRecord } from '../../evaluation/record.ts';
import type { PairedDifference } from '../../evaluation/statistics/mcnemar.ts';
import {
  cellsOf,
  NAMED_CONDITIONS,
  poolAtZero,
  poolCondition,
  poolOf,
  POOL_LEVELS,
} from '../../evaluation/suites.ts';
import { wilson } from '../../sweep/wilson.ts';
import { groupsOf } from './tables.ts';

/** A pre-registered criterion with what the records say about it. */
export interface Finding {
  /** as docs/evaluation.md numbers them */
  readonly id: string;
  readonly criterion: string;
  /** the figure, its interval and n, in words */
  readonly found: string;
  /** undefined where the records do not suffice */
  readonly holds?: boolean;
}

const points = (value: number): string => `${value >= 0 ? '+' : ''}${(100 * value).toFixed(1)}`;
const interval = (d: { low: number; high: number }): string => `${points(d.low)} to ${points(d.high)}`;
const told = (d: PairedDifference): string => `${points(d.difference)} points (${interval(d)}; n ${d.total})`;

/** Everything that docs/evaluation.md fixed beforehand and that records of episodes can decide, in its order. */
export function findings(records: readonly EpisodeRecord[]): Finding[] {
  const done = finished(records);
  return [
    ...refinement(done),
    ...againstSnap(done, records),
    ...generalisation(done, records),
    ...yaw(done),
    ...cloud(done),
    ...abstention(done),
  ];
}

/** Fewer pairs than these decide nothing, as docs/evaluation.md has it. */
const ENOUGH = { pooled: 1000, cell: 200, named: 100, probe: 100 } as const;

const INTERPOLATIONS = ['linear', 'b-spline', 'spline'];

/** The interpolation with the most successes over some episodes. */
function bestInterpolation(
  done: readonly Finished[],
  condition: string,
  tasks: readonly string[],
): Finished[] {
  const of = INTERPOLATIONS.map((method) => select(done, condition, method, tasks));
  const rate = (records: readonly Finished[]): number =>
    records.length === 0 ? -1 : mean(records.map((r) => (r.result.outcome === 'success' ? 1 : 0)));
  return of.reduce((best, next) => (rate(next) > rate(best) ? next : best));
}

function refinement(done: readonly Finished[]): Finding[] {
  const gain = (condition: string, tasks: readonly string[]): PairedDifference =>
    comparePaired(pairs(select(done, condition, 'expert', tasks), bestInterpolation(done, condition, tasks)));
  const levels = POOL_LEVELS.map((level) => ({ level, d: gain(poolCondition(level), poolOf(level)) }));
  const zero = gain('exact', poolAtZero());
  const grows = [zero, ...levels.map(({ d }) => d)];
  return [
    ...levels.map(({ level, d }) => ({
      id: `1.${level}`,
      criterion: `${level} mm: at least 25 points above the best interpolation, pooled`,
      found: told(d),
      ...(d.total >= ENOUGH.cell ? { holds: d.difference >= 0.25 } : {}),
    })),
    {
      id: '1.0',
      criterion: '0 mm: loses at most 3 points, on at least 1,000 episodes',
      found: told(zero),
      ...(zero.total >= ENOUGH.pooled ? { holds: zero.difference >= -0.03 } : {}),
    },
    {
      id: '1.grows',
      criterion: 'the gap grows with noise: 0, 10, 20 mm',
      found: grows.map((d) => points(d.difference)).join(', '),
      ...(grows.every((d) => d.total >= ENOUGH.cell)
        ? { holds: grows.slice(1).every((d, i) => d.difference > grows[i]!.difference) }
        : {}),
    },
    depth(done),
  ];
}

/** Over scenes that were run at every depth error: the same tasks and seeds. */
function depth(done: readonly Finished[]): Finding {
  const paired = ['exact', 'ray=10', 'ray=100'].map((condition) =>
    pairs(select(done, condition, 'expert'), select(done, condition, 'spline')),
  );
  const scene = (r: Finished): string => `${r.task} ${r.seed}`;
  const scenes = paired.map((of) => new Set(of.map(([r]) => scene(r))));
  const steps = paired.map((of) =>
    comparePaired(of.filter(([r]) => scenes.every((known) => known.has(scene(r))))),
  );
  return {
    id: '1.depth',
    criterion: 'the gap to the spline grows with depth error: 0, 1, 10 cm (published: +15, +19, +22)',
    found: steps.map(told).join(', '),
    ...(steps.every((d) => d.total >= ENOUGH.cell)
      ? { holds: steps.slice(1).every((d, i) => d.difference > steps[i]!.difference) }
      : {}),
  };
}

function againstSnap(done: readonly Finished[], records: readonly EpisodeRecord[]): Finding[] {
  const pooled = POOL_LEVELS.flatMap((level) =>
    pairs(
      select(done, poolCondition(level), 'expert', poolOf(level)),
      select(done, poolCondition(level), 'snap', poolOf(level)),
    ),
  );
  const all = comparePaired(pooled);
  const groups = groupsOf(cellsOf('conditions', ['expert']), records);
  const named = Object.keys(NAMED_CONDITIONS).map((label) => {
    const of = groups.find((group) => group.label === label)?.records ?? [];
    const by = (method: string): Finished[] => of.filter((r) => r.method === method);
    return { label, d: comparePaired(pairs(by('expert'), by('snap'))) };
  });
  const better = named.filter(({ d }) => d.total >= ENOUGH.named && d.difference >= 0.1).length;
  return [
    {
      id: '2.pooled',
      criterion: 'against snap: not worse by more than 3 points, on at least 1,000 episodes',
      found: told(all),
      ...(all.total >= ENOUGH.pooled ? { holds: all.difference >= -0.03 } : {}),
    },
    {
      id: '2.named',
      criterion: 'against snap: better by 10 points in at least two named conditions',
      found: named.map(({ label, d }) => `${label} ${told(d)}`).join('; '),
      ...(named.every(({ d }) => d.total >= ENOUGH.named) || better >= 2 ? { holds: better >= 2 } : {}),
    },
  ];
}

function generalisation(done: readonly Finished[], records: readonly EpisodeRecord[]): Finding[] {
  const groups = groupsOf(cellsOf('heldout', ['expert']), records);
  const three = (label: string): Finished[][] => {
    const of = groups.find((group) => group.label === label)?.records ?? [];
    return ['spline', 'expert', 'oracle'].map((method) => of.filter((r) => r.method === method));
  };
  const ratio = (id: string, criterion: string, held: string, trained: string): Finding => {
    const found = fractionRatio(three(held), three(trained));
    const [a, b] = [held, trained].map((label) => {
      const [spline, expert, oracle] = three(label);
      return recoveredFraction(spline!, expert!, oracle!);
    });
    const text = (r: typeof a): string =>
      r
        ? `${(100 * r.value).toFixed(0)} % (${(100 * r.low).toFixed(0)} to ${(100 * r.high).toFixed(0)}; n ${r.n})`
        : 'too little room';
    return {
      id,
      criterion,
      found: `held out ${text(a)}, trained ${text(b)}${found ? `, ratio ${found.value.toFixed(2)} (${found.low.toFixed(2)} to ${found.high.toFixed(2)})` : ''}`,
      ...(found && a && b && Math.min(a.n, b.n) >= ENOUGH.cell ? { holds: found.value >= 0.75 } : {}),
    };
  };
  return [
    ...POOL_LEVELS.map((level) =>
      ratio(
        `4.tasks.${level}`,
        `held-out tasks keep 75 % of the trained fraction at ${level} mm`,
        `held-out tasks, ${poolCondition(level)}`,
        `trained tasks, ${poolCondition(level)}`,
      ),
    ),
    ratio(
      '4.shapes',
      'held-out shapes keep 75 % of the trained fraction',
      'held-out shapes',
      'trained shapes',
    ),
    ...['ur5e-class', 'xarm7-class'].map((arm) => heldOutArm(done, arm)),
  ];
}

/** Plans are reachable by both where the exact one gets through inverse kinematics and the gate with both arms. */
function heldOutArm(done: readonly Finished[], arm: string): Finding {
  const [home, away] = ['shared=10', `shared=10,arm=${arm}`];
  const reachable = new Set(
    pairs(select(done, home, 'oracle'), select(done, away, 'oracle'), true)
      .filter((pair) => pair.every((r) => r.result.outcome !== 'reach' && r.result.outcome !== 'refused'))
      .map(([r]) => `${r.task} ${r.seed}`),
  );
  const both = pairs(select(done, away, 'expert'), select(done, home, 'expert'), true).filter(([r]) =>
    reachable.has(`${r.task} ${r.seed}`),
  );
  const d = comparePaired(both);
  return {
    id: `4.arm.${arm}`,
    criterion: `${arm} loses at most 5 points on plans reachable by both`,
    found: told(d),
    ...(d.total >= ENOUGH.cell ? { holds: d.difference >= -0.05 } : {}),
  };
}

function yaw(done: readonly Finished[]): Finding[] {
  const condition = 'yaw=15,object=rod';
  const paired = pairs(select(done, condition, 'expert'), select(done, condition, 'expert-erased')).flatMap(
    ([a, b]) =>
      a.result.grasp?.elongated === true && b.result.grasp
        ? [[a.result.grasp.yaw, b.result.grasp.yaw] as const]
        : [],
  );
  const [own, erased] = [mean(paired.map(([a]) => a)), mean(paired.map(([, b]) => b))];
  const degrees = (radians: number): string => ((radians * 180) / Math.PI).toFixed(1);
  return [
    {
      id: '5',
      criterion:
        'with 15° of yaw noise, the mean grasp yaw error on elongated things is at most half of that without cloud',
      found:
        paired.length === 0
          ? 'no episodes'
          : `${degrees(own)}° against ${degrees(erased)}° (n ${paired.length})`,
      ...(paired.length >= ENOUGH.probe ? { holds: own <= 0.5 * erased } : {}),
    },
  ];
}

function cloud(done: readonly Finished[]): Finding[] {
  const by = (method: string): Finished[] => select(done, 'shared=20', method, poolOf(20));
  const gain = (method: string): PairedDifference => comparePaired(pairs(by(method), by('spline')));
  const [whole, erased, other] = [gain('expert'), gain('expert-erased'), gain('expert-other')];
  const followed = select(done, 'shared=10,shift=distractor,distractors=2', 'expert');
  const rate = wilson(followed.filter((r) => r.result.outcome === 'followed').length, followed.length);
  return [
    {
      id: '6.erased',
      criterion: 'erasing the cloud removes at least half of the gain over the spline',
      found: `gain ${told(whole)}, erased ${told(erased)}, another scene’s ${told(other)}`,
      ...(Math.min(whole.total, erased.total) >= ENOUGH.cell
        ? { holds: erased.difference <= 0.5 * whole.difference }
        : {}),
    },
    {
      id: '6.shift',
      criterion: 'waypoints shifted to a distractor are followed in 80 % of cases',
      found: `${(100 * rate.rate).toFixed(1)} % (${(100 * rate.low).toFixed(1)} to ${(100 * rate.high).toFixed(1)}; n ${rate.total}; abstained ${followed.filter((r) => r.result.outcome === 'abstained').length})`,
      ...(rate.total >= ENOUGH.probe ? { holds: rate.rate >= 0.8 } : {}),
    },
  ];
}

/** Planned this near to the truth counts as noise within 2 cm [m]. */
const SLIGHT = 0.02;

function abstention(done: readonly Finished[]): Finding[] {
  const rateOf = (of: readonly Finished[]): { text: string; rate: number; n: number } => {
    const { rate, low, high, total } = wilson(
      of.filter((r) => r.result.outcome === 'abstained').length,
      of.length,
    );
    return {
      rate,
      n: total,
      text: `${(100 * rate).toFixed(1)} % (${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)}; n ${total})`,
    };
  };
  const nothing = rateOf(select(done, 'shift=empty', 'expert'));
  const noise = new Set(['exact', 'shared=10', 'shared=20']);
  // Of an episode in which it abstains nothing is known but the plan, which the spline followed.
  const near = new Set(
    done.flatMap((r) =>
      r.method === 'spline' && noise.has(r.condition) && r.result.grasp && r.result.grasp.error <= SLIGHT
        ? [`${r.task} ${r.seed} ${r.condition}`]
        : [],
    ),
  );
  const present = rateOf(
    done.filter((r) => r.method === 'expert' && near.has(`${r.task} ${r.seed} ${r.condition}`)),
  );
  const wrong = rateOf(select(done, 'shared=10,shift=distractor,distractors=2', 'expert'));
  return [
    {
      id: '8.nothing',
      criterion: 'nothing within 10 cm of a grasp waypoint: at least 90 % abstain',
      found: nothing.text,
      ...(nothing.n >= ENOUGH.probe ? { holds: nothing.rate >= 0.9 } : {}),
    },
    {
      id: '8.present',
      criterion: 'the thing present and the plan within 2 cm: at most 5 % abstain',
      found: present.text,
      ...(present.n >= ENOUGH.probe ? { holds: present.rate <= 0.05 } : {}),
    },
    { id: '8.wrong', criterion: 'waypoints over a wrong thing: reported', found: `${wrong.text} abstain` },
  ];
}
