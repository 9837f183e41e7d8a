import { describe, expect, it } from 'vitest';
import { planByLanguage } from '../language-planner.ts';
import { requestOver, thing } from '../testing/scenes.ts';
import { withPins } from './pins.ts';

const seen = [thing('yellow block', [0.4, 0.1]), thing('grey rod', [0.5, -0.2], [0.12, 0.03, 0.03])];

describe('pins', () => {
  it('name what was seen where they are, and ground words', () => {
    const objects = withPins(seen, { butter: { at: [0.41, 0.09, 0.03] } });
    expect(objects[0]).toMatchObject({ id: 'yellow-block', label: 'butter', names: ['yellow block'] });
    const plan = planByLanguage(requestOver('put the butter to the left of the rod', objects));
    expect(plan.steps[0]).toMatchObject({ object: 'yellow-block', destination: 'grey-rod' });
  });

  it('stand for what was not seen, and are never two names of one thing', () => {
    const objects = withPins(seen, { salt: { at: [0.4, 0.1, 0.02] }, pepper: { at: [0.4, 0.1, 0.02] } });
    expect(objects.map((o) => o.label)).toEqual(['salt', 'grey rod', 'pepper']);
    expect(objects[2]).toMatchObject({ id: 'pin-pepper', source: 'pinned' });
  });

  it('mark a handle and the way it opens', () => {
    const objects = withPins(seen, { 'drawer handle': { at: [0.55, 0.3, 0.1], opens: [-1, 0, 0] } });
    const plan = planByLanguage(requestOver('open the drawer', objects));
    const grasp = plan.waypoints.find((w) => w.label === 'grasp drawer handle')!;
    const pull = plan.waypoints.find((w) => w.label === 'pull drawer handle')!;
    expect(grasp.position[0] - pull.position[0]).toBeGreaterThan(0.1);
    expect(pull.position[1]).toBeCloseTo(grasp.position[1], 3);
  });

  it('mark a hinge: the handle goes round it', () => {
    const hinge = { origin: [0.6, 0.1, 0.1], axis: [0, 0, 1] } as const;
    const objects = withPins(seen, { 'door handle': { at: [0.5, 0.3, 0.1], hinge } });
    const plan = planByLanguage(requestOver('open the door', objects));
    const swung = plan.waypoints.filter((w) => w.label === 'swing door handle');
    expect(swung.length).toBeGreaterThan(2);
    for (const { position } of swung)
      expect(Math.hypot(position[0] - 0.6, position[1] - 0.1)).toBeCloseTo(Math.hypot(0.1, 0.2), 2);
    const last = swung[swung.length - 1]!;
    expect(Math.atan2(last.position[1] - 0.1, last.position[0] - 0.6)).toBeGreaterThan(
      Math.atan2(0.2, -0.1) + 0.5,
    );
    expect(last.gripper).toBeGreaterThan(0.4);
  });

  it('change nothing where there are none', () => {
    expect(withPins(seen, undefined)).toBe(seen);
  });
});
