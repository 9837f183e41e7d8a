import { version } from '../../core/version.ts';
import { readNotebook } from '../file/read-notebook.ts';
import { forRecord } from '../file/strip.ts';
import { writeNotebook } from '../file/write-notebook.ts';
import { RunRecord } from '../../records/run-record.ts';
import type { RunLog } from './run-log.ts';
import type { RunRequest } from './session-api.ts';

/** A run's record beside its notebook. Throws what the file system throws where the folder cannot be written. */
export function openRunLog(request: RunRequest): RunLog {
  const record = new RunRecord({
    ...request.options.records,
    runsFolder: request.runsFolder,
    notebook: request.name,
    version,
  });
  return {
    name: record.name,
    sidecar: record.sidecar,
    begin: (provenance, jointNames) => {
      record.useJointNames(jointNames);
      record.begin(provenance, writeNotebook(forRecord(readNotebook(request.text, request.name))));
    },
    capture: (cell, capture) => record.capture(cell, capture),
    image: (stamp, camera, bytes) => record.image(stamp, camera, bytes),
    plan: (cell, plan) => record.plan(cell, plan),
    failedPlan: (cell, provider, attempts) => record.attempts(cell, provider, attempts),
    refined: (cell, output) => record.refined(cell, output),
    motion: (cell, motion) => record.motion(cell, motion),
    state: (state) => record.state(state),
    event: (stamp, cell, text, data) => record.event(stamp, cell, text, data),
    output: (cell, key, scene, summary) => record.output(cell, key, scene, summary),
    end: async (ending) => record.end(ending),
  };
}
