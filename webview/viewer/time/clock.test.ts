import { describe, expect, it } from 'vitest';
import { advance, clockFor, pause, play, seek, shiftSpeed, stepTo } from './clock.ts';
import { interpolate, nearestSample, sampleAt } from './sampling.ts';

describe('clock', () => {
  it('plays at its speed, stops at the end, and starts over from there', () => {
    const clock = { ...play(clockFor(2, 4)), speed: 2 };
    expect(advance(clock, 0.5).time).toBe(3);
    const ended = advance(clock, 5);
    expect(ended).toMatchObject({ time: 4, playing: false });
    expect(play(ended).time).toBe(2);
  });

  it('loops without losing the rest of the step', () => {
    const clock = { ...play(clockFor(0, 2)), loop: true };
    expect(advance(clock, 5).time).toBeCloseTo(1, 9);
  });

  it('does not move when paused, nor play a range of no length', () => {
    expect(advance(pause(play(clockFor(0, 1))), 1).time).toBe(0);
    expect(play(clockFor(3, 3)).playing).toBe(false);
  });

  it('clamps what is sought, also what is not a number', () => {
    expect(seek(clockFor(1, 2), 9).time).toBe(2);
    expect(seek(clockFor(1, 2), Number.NaN).time).toBe(1);
  });

  it('steps from stop to stop and to the ends', () => {
    const stops = [1, 2, 3];
    const at = (time: number) => ({ ...clockFor(0, 4), time });
    expect(stepTo(at(1), stops, 1).time).toBe(2);
    expect(stepTo(at(1), stops, -1).time).toBe(0);
    expect(stepTo(at(3), stops, 1).time).toBe(4);
    expect(stepTo(at(2.5), stops, -1).time).toBe(2);
  });

  it('keeps speed within its steps', () => {
    let clock = clockFor(0, 1);
    for (let i = 0; i < 20; i++) clock = shiftSpeed(clock, 1);
    expect(clock.speed).toBe(10);
    for (let i = 0; i < 20; i++) clock = shiftSpeed(clock, -1);
    expect(clock.speed).toBe(0.1);
  });
});

describe('sampling', () => {
  it('interpolates inside and clamps outside', () => {
    const times = [0, 1, 3];
    const values = [0, 10, 30];
    expect(interpolate(values, 1, 0, sampleAt(times, 2))).toBe(20);
    expect(interpolate(values, 1, 0, sampleAt(times, -5))).toBe(0);
    expect(interpolate(values, 1, 0, sampleAt(times, 50))).toBe(30);
    expect(nearestSample(times, 2.4)).toBe(2);
  });

  it('answers for one sample and for none', () => {
    expect(sampleAt([7], 9)).toEqual({ index: 0, fraction: 0 });
    expect(sampleAt([], 9).index).toBe(-1);
    expect(nearestSample([], 9)).toBe(-1);
  });
});
