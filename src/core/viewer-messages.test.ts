import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseHostToInspector,
  parseHostToRenderer,
  parseInspectorToHost,
  parseRendererToHost,
} from './viewer-messages.ts';

const scene = {
  version: 1,
  kind: 'refined',
  cell: 'a',
  title: 't',
  verdict: { ok: true, text: '' },
  facts: [],
  layers: [],
};

describe('viewer messages', () => {
  it('reads what the other side sends', () => {
    const show = {
      type: 'show',
      document: { title: 't', cell: 'a', scenes: [scene], base: 'x/', editable: true, runs: [] },
    };
    expect(parseHostToInspector(show)).toEqual(show);
    const edit = {
      type: 'edit',
      cell: 'a',
      waypoint: 2,
      label: 'lift',
      position: [0, 0, 1],
      orientation: [1, 0, 0, 0],
    };
    expect(parseInspectorToHost(edit)).toEqual(edit);
    const pin = { type: 'pin', cell: 'a', at: [1, 2, 3], hinge: { origin: [0, 0, 0], axis: [0, 0, 1] } };
    expect(parseInspectorToHost(pin)).toEqual(pin);
    expect(parseInspectorToHost({ ...pin, at: [1, Number.NaN, 3] })).toBeUndefined();
    expect(parseInspectorToHost({ ...pin, hinge: { origin: [0, 0] } })).toBeUndefined();
    expect(parseRendererToHost({ type: 'inspect', cell: 'a', run: 'r' })).toEqual({
      type: 'inspect',
      cell: 'a',
      run: 'r',
    });
    expect(parseHostToRenderer({ type: 'seek', cell: 'a', time: 1 })).toEqual({
      type: 'seek',
      cell: 'a',
      time: 1,
    });
  });

  it('refuses an edit whose numbers are not finite, and a document without layers', () => {
    const edit = {
      type: 'edit',
      cell: 'a',
      waypoint: 2,
      label: 'lift',
      position: [0, Number.NaN, 1],
      orientation: [1, 0, 0, 0],
    };
    expect(parseInspectorToHost(edit)).toBeUndefined();
    const { layers: _gone, ...broken } = scene;
    expect(
      parseHostToInspector({
        type: 'show',
        document: { title: 't', cell: 'a', scenes: [broken], base: '', editable: true, runs: [] },
      }),
    ).toBeUndefined();
  });

  it('never throws, whatever arrives', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        parseHostToInspector(value);
        parseHostToRenderer(value);
        parseInspectorToHost(value);
        parseRendererToHost(value);
      }),
    );
  });
});
