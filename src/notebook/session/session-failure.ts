import { type ErrorPlace, messageOf, WaybookError } from '../../core/errors.ts';
import type { SessionFailure } from './session-api.ts';

/** An error as it travels to hosts: code, message and details; anything unexpected is a fault of ours. */
export function failureOf(error: unknown, place: ErrorPlace = {}): SessionFailure {
  if (!(error instanceof WaybookError)) {
    return {
      code: 'internal/bug',
      message: messageOf(error),
      details: { hint: 'This is a fault in Waybook.' },
    };
  }
  const { cause: _cause, ...details } = error.at(place).details;
  return { code: error.code, message: error.message, details };
}
