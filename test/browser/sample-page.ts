import type { PageData } from '../../src/core/page.ts';
import { sampleScenes, WAYPOINTS } from './sample-scenes.ts';

/** The made-up notebook as an exported page. */
export function samplePage(): PageData {
  const waypoints = WAYPOINTS.map((w) => `    ${JSON.stringify(w)}`).join(',\n');
  return {
    version: 1,
    title: 'Put the red cube in the bowl',
    verdict: { ok: true, text: 'cube in the bowl, at rest' },
    facts: [
      { name: 'Duration', value: '9.9 s' },
      { name: 'Seed', value: '7' },
    ],
    cells: [
      {
        kind: 'markdown',
        markdown:
          '# Put the red cube in the bowl\n\nThe bowl stands behind a carton, so the carry has to clear it.',
      },
      {
        kind: 'capture',
        id: 'table',
        body: '{ "camera": "front", "voxel": 0.004 }',
        outcome: 'succeeded',
        scene: 'capture',
      },
      {
        kind: 'instruction',
        id: 'put-cube',
        body: 'put the red cube in the blue bowl',
        outcome: 'succeeded',
        scene: 'plan',
      },
      {
        kind: 'waypoints',
        id: 'grasp',
        body: `{\n  "frame": "base",\n  "waypoints": [\n${waypoints}\n  ]\n}`,
        outcome: 'succeeded',
        scene: 'refined',
      },
      {
        kind: 'waypoints',
        id: 'low',
        body: '{ "frame": "base", "waypoints": [] }',
        outcome: 'failed',
        failure: {
          message: 'Refused: the held cube would pass too close to the carton.',
          hint: 'Raise "over the bowl" by 12 mm.',
        },
        scene: 'refused',
      },
      {
        kind: 'execute',
        id: 'go',
        body: '{ "speed": 0.5 }',
        outcome: 'succeeded',
        summary: 'Success: cube in the bowl, at rest',
        scene: 'executed',
      },
    ],
    scenes: sampleScenes(),
    run: 'Run 7',
  };
}
