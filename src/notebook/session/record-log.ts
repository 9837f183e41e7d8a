import type { RunLog } from './run-log.ts';
import { silentLog } from './run-log.ts';
import type { RunRequest } from './session-api.ts';

export function openRunLog(_request: RunRequest): RunLog {
  return silentLog;
}
