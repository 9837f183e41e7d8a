import { isMap, isScalar, parseDocument } from 'yaml';
import type { Pin } from '../../planning/grounding/pins.ts';
import { splitFrontMatter } from '../notebook/front-matter-edit.ts';

/** Tenths of a millimetre: more would only look exact. */
const written = (values: readonly number[]): string => `[${values.map((v) => +v.toFixed(4)).join(', ')}]`;

/** A pin as front matter has it, on one line: `[x, y, z]`, or with the way that a handle opens. */
export function pinText({ at, opens, hinge }: Pin): string {
  if (hinge !== undefined)
    return `{ at: ${written(at)}, hinge: { origin: ${written(hinge.origin)}, axis: ${written(hinge.axis)} } }`;
  return opens === undefined ? written(at) : `{ at: ${written(at)}, opens: ${written(opens)} }`;
}

/**
 * The front matter's text with a name pinned to a place, in base [m]. A name that is pinned already is moved; the rest
 * keeps its bytes where `pins:` is written as a block, as the command writes it.
 */
export function withPin(raw: string, name: string, pin: Pin, eol: '\n' | '\r\n'): string {
  const { head, yaml, tail } = splitFrontMatter(raw);
  const join = (text: string): string => {
    const all = head + text + tail;
    return eol === '\n' ? all : all.replaceAll('\n', eol);
  };
  const line = `  ${JSON.stringify(name)}: ${pinText(pin)}`;
  const document = parseDocument(yaml);
  const pins = document.get('pins', true);
  if (pins === undefined)
    return join(`${yaml}${yaml === '' || yaml.endsWith('\n') ? '' : '\n'}pins:\n${line}`);
  if (isMap(pins) && pins.flow !== true && pins.items.length > 0) {
    const entry = pins.items.find((item) => isScalar(item.key) && item.key.value === name);
    const value = entry?.value as { range?: [number, number, number] } | null | undefined;
    if (value?.range) return join(yaml.slice(0, value.range[0]) + pinText(pin) + yaml.slice(value.range[1]));
    const first = pins.items[0]?.key as { range?: [number, number, number] } | undefined;
    const at = first?.range?.[0];
    if (entry === undefined && at !== undefined) {
      const start = yaml.lastIndexOf('\n', at) + 1;
      const indent = yaml.slice(start, at);
      return join(`${yaml.slice(0, start)}${indent}${line.trimStart()}\n${yaml.slice(start)}`);
    }
  }
  // written in another style: as the library writes it
  document.setIn(['pins', name], parseDocument(pinText(pin)).contents);
  return join(document.toString().trimEnd());
}
