import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { junitOf, type JunitSource, xmlText } from './junit.ts';

interface Suite {
  readonly '@tests': string;
  readonly '@failures': string;
  readonly '@errors': string;
  readonly '@skipped': string;
  readonly testcase: readonly Record<string, unknown>[];
}

function parse(xml: string): Suite {
  expect(XMLValidator.validate(xml)).toBe(true);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    processEntities: true,
    isArray: (name) => name === 'testcase',
  });
  return (parser.parse(xml) as { testsuites: { testsuite: Suite } }).testsuites.testsuite;
}

const source = (outcomes: JunitSource['outcomes'], summary: JunitSource['summary'] = {}): JunitSource => ({
  name: 'a.waybook.md',
  outcomes,
  summary,
});

describe('JUnit report', () => {
  it('says how long cells took, and all of them', () => {
    const outcome = { outcome: 'succeeded', summary: 'ok' } as const;
    const cells = new Map([
      ['a', outcome],
      ['b', outcome],
    ]);
    const xml = junitOf({
      ...source(cells),
      seconds: new Map([
        ['a', 1.25],
        ['b', 0.5],
      ]),
    });
    expect(parse(xml).testcase.map((test) => test['@time'])).toEqual(['1.250', '0.500']);
    expect(xml).toContain('skipped="0" time="1.750">');
  });

  it('tells passed, failed, wrong and skipped cells apart', () => {
    const suite = parse(
      junitOf(
        source(
          new Map([
            ['table', { outcome: 'succeeded', summary: '12 points' }],
            [
              'plan',
              {
                outcome: 'failed',
                summary: '',
                failure: { code: 'input/grounding', message: 'No "cube".', details: { hint: 'Look again.' } },
              },
            ],
            [
              'go',
              {
                outcome: 'failed',
                summary: '',
                failure: { code: 'task/failed', message: 'Grasp missed.', details: {} },
              },
            ],
            ['after', { outcome: 'skipped', summary: '' }],
          ]),
          { verdict: { task: 'stack', success: false, reason: 'it fell', metrics: {} } },
        ),
      ),
    );
    expect(suite).toMatchObject({ '@tests': '5', '@failures': '2', '@errors': '1', '@skipped': '1' });
    expect(suite.testcase[0]).toHaveProperty('system-out', '12 points');
    expect(suite.testcase[1]).toHaveProperty('error.@message', 'No "cube". Look again.');
    expect(suite.testcase[2]).toHaveProperty('failure.@message', 'Grasp missed.');
    expect(suite.testcase[3]).toHaveProperty('skipped');
    expect(suite.testcase[4]).toMatchObject({ '@name': 'task stack' });
  });

  it('has a case where nothing ran at all', () => {
    const failure = { code: 'link/connect', message: 'No robot.', details: {} } as const;
    expect(parse(junitOf(source(new Map(), { failure }))).testcase).toMatchObject([
      { '@name': 'run', error: { '@message': 'No robot.' } },
    ]);
  });

  it('says a failure once: not again where a cell has it', () => {
    const failure = { code: 'task/failed', message: 'Missed.', details: {} } as const;
    const cells = new Map([['go', { outcome: 'failed', summary: '', failure } as const]]);
    expect(parse(junitOf(source(cells, { failure }))).testcase).toHaveLength(1);
  });

  it('holds no secrets and no absolute paths', () => {
    const summary = 'see /home/alice/x.pcd, ws://10.0.0.1/?token=hunter2secret';
    const xml = junitOf(source(new Map([['a', { outcome: 'succeeded', summary }]])));
    expect(xml).not.toMatch(/alice|hunter2secret|10\.0\.0\.1/);
    expect(xml).toContain('x.pcd');
  });

  it('is well-formed whatever cells are called and say', () => {
    const anything = fc.string({ unit: 'binary', maxLength: 40 });
    fc.assert(
      fc.property(anything, anything, (cell, summary) => {
        const xml = junitOf(source(new Map([[cell, { outcome: 'succeeded', summary }]])));
        expect(parse(xml).testcase).toHaveLength(1);
        // XML 1.0 §2.2 allows no others, and a parser that checks refuses the whole report.
        expect(xml).toMatch(/^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u);
      }),
      { numRuns: 300 },
    );
  });

  it('escapes what would end an attribute or an element', () => {
    expect(xmlText(`<a b="c" d='e'>&]]>\n\u0000\ud800`)).toBe(
      '&lt;a b=&quot;c&quot; d=&apos;e&apos;&gt;&amp;]]&gt;&#10;\ufffd\ufffd',
    );
  });
});
