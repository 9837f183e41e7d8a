import type { Phase, SessionEvent } from '../../notebook/session/session-api.ts';

/** What a run does now, as the toolbar, the status bar and the debugger show it. */
export type RunView =
  | { readonly tag: 'idle' }
  | { readonly tag: 'running'; readonly cell?: string; readonly phase?: Phase; readonly progress?: string }
  | {
      readonly tag: 'paused';
      readonly cell: string;
      readonly phase: Phase;
      readonly waypoint?: { readonly index: number; readonly label: string };
      readonly variables: Readonly<Record<string, number | string>>;
    };

export const IDLE_RUN: RunView = { tag: 'idle' };

/** The view after an event. Pure: what is drawn follows from what the session said, and from nothing else. */
export function nextRunView(view: RunView, event: SessionEvent): RunView {
  switch (event.kind) {
    case 'run-started':
      return { tag: 'running' };
    case 'cell-started':
      return { tag: 'running', cell: event.cell, phase: event.phase };
    case 'progress':
      return view.tag === 'running' ? { ...view, cell: event.cell, progress: event.text } : view;
    case 'paused':
      return {
        tag: 'paused',
        cell: event.cell,
        phase: event.phase,
        waypoint: event.waypoint,
        variables: event.variables,
      };
    case 'resumed':
      return view.tag === 'paused' ? { tag: 'running', cell: view.cell, phase: view.phase } : view;
    case 'run-ended':
      return IDLE_RUN;
    case 'output':
    case 'plan-written':
    case 'cell-ended':
    case 'approval':
    case 'link':
    case 'robot':
    case 'manual-ended':
      return view;
  }
}
