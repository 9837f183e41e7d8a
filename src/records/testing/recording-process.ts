import { RunRecord } from '../run-record.ts';
import { sampleCapture, sampleProvenance, sampleRefined, sampleScene } from './sample-run.ts';

/*
 * Records at 100 Hz until it is killed, clouds, trajectories and outputs in between, and tells on standard output the
 * stamp of every state that it has handed over. Stamps are seconds of wall time since it began.
 */
const runsFolder = process.argv[2];
if (runsFolder === undefined) throw new Error('usage: recording-process RUNS_FOLDER');
const record = new RunRecord({ runsFolder, notebook: 'a.waybook.md', version: '0.1.0' });
record.begin(sampleProvenance(), '# notebook\n');
const start = performance.now();
let n = 0;

setInterval(() => {
  const stamp = (performance.now() - start) / 1000;
  record.state({ stamp, joints: [stamp, 0, 0, 0, 0, 0, 0], velocities: [1, 0, 0, 0, 0, 0, 0], gripper: 1 });
  if (n % 37 === 0) record.capture('table', sampleCapture(n, 4000));
  if (n % 53 === 0) record.refined('grasp', sampleRefined(n));
  if (n % 29 === 0) record.output(`cell-${n % 5}`, `k${n}`, sampleScene(`cell-${n % 5}`), 'an output');
  n += 1;
  process.stdout.write(`${stamp}\n`);
}, 10);
