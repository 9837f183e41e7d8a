import { describe, expect, it } from 'vitest';
import { WaybookError } from '../../core/errors.ts';
import { planByLanguage } from '../language-planner.ts';
import { refusalReason } from '../refusal.ts';
import { requestOver, thing } from '../testing/scenes.ts';

const waypoints = (instruction: string, objects: Parameters<typeof requestOver>[1]) =>
  planByLanguage(requestOver(instruction, objects)).waypoints;
const named = (list: ReturnType<typeof waypoints>, label: string) => {
  const found = list.find((w) => w.label === label);
  if (found === undefined) throw new Error(`no "${label}" in ${list.map((w) => w.label).join(', ')}`);
  return found;
};
const refusalOf = (instruction: string, objects: Parameters<typeof requestOver>[1]): string | undefined => {
  try {
    waypoints(instruction, objects);
    return undefined;
  } catch (error) {
    if (!(error instanceof WaybookError)) throw error;
    return `${refusalReason(error)}: ${error.message} ${error.details.hint ?? ''}`;
  }
};

const cabinet = thing('cabinet', [0.75, 0], [0.24, 0.2, 0.12], { shape: 'cabinet' });
const drawerAt = (x: number) => [
  thing('drawer', [x, 0], [0.22, 0.17, 0.1], {
    z: 0.058,
    articulation: { kind: 'prismatic', axis: [-1, 0, 0], travel: 0.18 },
  }),
  thing('drawer handle', [x - 0.17, 0], [0.012, 0.12, 0.012], {
    z: 0.095,
    partOf: 'drawer',
    shape: 'handle',
  }),
];

describe('templates', () => {
  it('push a button through its travel, and a little further', () => {
    const button = thing('green button', [0.5, 0.1], [0.05, 0.05, 0.022], {
      z: 0.051,
      shape: 'button',
      articulation: { kind: 'prismatic', axis: [0, 0, -1], travel: 0.01 },
    });
    const list = waypoints('press the green button', [button]);
    // fingertips, 9 mm below the tool's frame, 16 mm under the cap's top
    expect(named(list, 'press green button').position[2]).toBeCloseTo(0.062 - 0.016 + 0.009, 4);
  });

  it('open a drawer no further than what stands before it', () => {
    const free = named(waypoints('open the drawer', [cabinet, ...drawerAt(0.735)]), 'pull drawer handle');
    const ball = thing('red ball', [0.44, 0.01]);
    const near = named(
      waypoints('open the drawer', [cabinet, ...drawerAt(0.735), ball]),
      'pull drawer handle',
    );
    expect(near.position[0]).toBeGreaterThan(free.position[0] + 0.02);
    expect(near.position[0]).toBeGreaterThan(0.44 + 0.03);
    const close = thing('red ball', [0.5, 0.01]);
    expect(refusalOf('open the drawer', [cabinet, ...drawerAt(0.735), close])).toMatch(/no room to open/);
  });

  it('put things into the part of a drawer that is out, and nowhere else', () => {
    const cube = thing('red cube', [0.4, 0.3]);
    const list = waypoints('put the red cube in the drawer', [cabinet, ...drawerAt(0.6), cube]);
    const { position } = named(list, 'place red cube');
    expect(position[0]).toBeGreaterThan(0.49);
    expect(position[0]).toBeLessThan(0.63);
    expect(refusalOf('put the red cube in the drawer', [cabinet, ...drawerAt(0.74), cube])).toMatch(
      /geometry: The drawer is not open far enough.*Open the drawer first/,
    );
  });

  it('let a ring go over the post, not beside it with the hand', () => {
    const ring = thing('purple ring', [0.6, -0.1], [0.08, 0.08, 0.026], { shape: 'ring' });
    const post = thing('grey post', [0.5, 0.1], [0.022, 0.022, 0.075], { shape: 'post' });
    const { position } = named(waypoints('put the ring on the post', [ring, post]), 'place purple ring');
    expect(position[2] - 0.009).toBeGreaterThan(0.075);
  });

  it('hold a mug beside its handle', () => {
    const mug = thing('red mug', [0.5, 0], [0.066, 0.066, 0.075], { shape: 'mug' });
    const { orientation } = named(waypoints('pick up the red mug', [mug]), 'grasp red mug');
    const [x, y, z, w] = orientation;
    // the tool's +Y, along which the fingers open, against the handle along +X
    const along = 2 * (x * y - z * w);
    expect(Math.abs(along)).toBeLessThan(0.65);
  });

  it('put two things into a bowl side by side', () => {
    const bowl = thing('blue bowl', [0.45, -0.1], [0.15, 0.15, 0.05]);
    const cubes = [thing('red cube', [0.4, 0.2]), thing('green cube', [0.55, 0.2])];
    const list = waypoints('put both cubes in the bowl', [bowl, ...cubes]);
    const [a, b] = [named(list, 'place red cube').position, named(list, 'place green cube').position];
    expect(Math.hypot(a[0] - b[0], a[1] - b[1])).toBeGreaterThan(0.04);
  });

  it('swing a door as far as it still has to go, by the box that it closes', () => {
    const box = thing('cupboard', [0.7, 0], [0.16, 0.22, 0.16], { shape: 'cupboard' });
    const hinge = { kind: 'revolute', axis: [0, 0, 1], origin: [0.62, -0.11, 0.08], travel: 1.7 } as const;
    // the front faces the robot: shut, the door lies along +Y from its hinge and opens towards -X
    const at = (open: number) => {
      const turned = (r: number, out: number): [number, number] => [
        0.62 - r * Math.sin(open) - out * Math.cos(open),
        -0.11 + r * Math.cos(open) - out * Math.sin(open),
      ];
      return [
        thing('cupboard door', turned(0.11, 0), [0.012, 0.22, 0.16], {
          shape: 'door',
          partOf: 'cupboard',
          articulation: hinge,
        }),
        thing('door handle', turned(0.18, 0.05), [0.014, 0.014, 0.12], {
          shape: 'handle',
          partOf: 'cupboard-door',
          articulation: hinge,
          z: 0.14,
        }),
      ];
    };
    const turn = (instruction: string, open: number) => {
      const swung = waypoints(instruction, [box, ...at(open)]).filter((w) =>
        /^(?:grasp|swing)/.test(w.label),
      );
      const angle = ({ position }: (typeof swung)[number]) =>
        Math.atan2(position[1] + 0.11, position[0] - 0.62);
      const turned = angle(swung[swung.length - 1]!) - angle(swung[0]!);
      return Math.atan2(Math.sin(turned), Math.cos(turned));
    };
    expect(turn('open the cupboard', 0)).toBeCloseTo(0.8 * 1.7, 1);
    expect(turn('open the cupboard', 0.6)).toBeCloseTo(0.8 * 1.7 - 0.6, 1);
    expect(turn('close the cupboard', 0.9)).toBeCloseTo(-0.9, 2);
  });

  it('hold what rolls rather than push it', () => {
    const list = waypoints('push the ball to the left', [thing('red ball', [0.5, 0], [0.05, 0.05, 0.05])]);
    expect(list.map((w) => w.label)).toContain('grasp red ball');
  });

  it.each([
    [
      'put the red cube under the table lamp',
      [thing('table lamp', [0.5, 0.2], [0.1, 0.1, 0.3]), thing('red cube', [0.5, 0])],
    ],
    ['stand the orange rod upright', [thing('orange rod', [0.5, 0], [0.14, 0.025, 0.025])]],
  ])('%s: refused, by name of what it cannot do', (instruction, objects) => {
    expect(refusalOf(instruction, objects)).toMatch(/under|upright|stand/i);
  });
});
