import * as vscode from 'vscode';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Breakpoint, SessionEvent, SessionFailure } from '../../notebook/session/session-api.ts';
import { messageOf } from '../../core/errors.ts';
import { attributesOf, findCell, idOf, runnableCells, runnableKindOf } from '../notebook/cells.ts';
import type { ActiveRun, Runs } from '../kernel/runs.ts';
import { forSession, lineOfBreakpoint, placeBreakpoint } from './breakpoint-places.ts';
import { describeCell } from './breakpoint-keeper.ts';
import { failureTitle } from '../outputs/cell-output.ts';
import { locateWaypoints } from '../language/waypoint-locations.ts';
import { failureVariables, filterOf } from './failure-filters.ts';
import { groupVariables, type VariableNode } from './variable-groups.ts';

/** What the adapter needs of the rest: it holds no physics and no order of cells, only the protocol. */
export interface DebugTarget {
  readonly notebook: vscode.NotebookDocument;
  readonly runs: Runs;
  launch(breakpoints: readonly Breakpoint[], stepping: boolean): Promise<unknown>;
}

type CellEnded = Extract<SessionEvent, { kind: 'cell-ended' }>;
interface Failed {
  readonly cell: string;
  readonly failure: SessionFailure;
}
type Paused = Extract<SessionEvent, { kind: 'paused' }>;
const THREAD = 1;

/** An inline debug adapter: a client of the run's own pause, step and continue. */
export class WaybookDebugAdapter implements vscode.DebugAdapter {
  private readonly messages = new vscode.EventEmitter<vscode.DebugProtocolMessage>();
  readonly onDidSendMessage = this.messages.event;
  private sequence = 1;
  private readonly breakpoints = new Map<string, Breakpoint[]>();
  private paused: Paused | undefined;
  private pauseAsked = false;
  private variables: VariableNode[][] = [];
  private launching = false;
  private terminated = false;
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly target: DebugTarget) {
    this.subscriptions = [
      target.runs.onEvent(({ run, event }) => run.notebook === target.notebook && this.follow(event)),
      target.runs.onDidEnd(({ run }) => run.notebook === target.notebook && this.terminate()),
    ];
  }

  handleMessage(message: vscode.DebugProtocolMessage): void {
    const request = message as DebugProtocol.Request;
    if (request.type !== 'request') return;
    try {
      this.answer(request);
    } catch (error) {
      this.respond(request, undefined, messageOf(error));
    }
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.messages.dispose();
  }

  private answer(request: DebugProtocol.Request): void {
    switch (request.command) {
      case 'initialize':
        this.respond(request, {
          supportsConfigurationDoneRequest: true,
          supportsTerminateRequest: true,
          supportsSteppingGranularity: false,
          supportsExceptionInfoRequest: true,
          exceptionBreakpointFilters: [
            {
              filter: 'refused',
              label: vscode.l10n.t('Refused motion'),
              description: vscode.l10n.t('Stop where a motion is refused before anything moves.'),
              default: true,
            },
            {
              filter: 'grasp',
              label: vscode.l10n.t('Grasp failed'),
              description: vscode.l10n.t('Stop where the gripper closed and holds nothing.'),
              default: true,
            },
          ],
        } satisfies DebugProtocol.Capabilities);
        this.emit('initialized');
        return;
      case 'launch':
        this.stepping = (request.arguments as { stopOnEntry?: unknown } | undefined)?.stopOnEntry === true;
        this.respond(request);
        this.begin('launch');
        return;
      case 'setBreakpoints':
        this.setBreakpoints(request as DebugProtocol.SetBreakpointsRequest);
        return;
      case 'setExceptionBreakpoints':
        this.filters = new Set((request as DebugProtocol.SetExceptionBreakpointsRequest).arguments.filters);
        this.respond(request);
        return;
      case 'exceptionInfo':
        this.respond(request, this.exceptionInfo());
        return;
      case 'configurationDone':
        this.respond(request);
        this.begin('configured');
        return;
      case 'threads':
        this.respond(request, { threads: [{ id: THREAD, name: this.threadName() }] });
        return;
      case 'stackTrace':
        this.respond(request, this.stackTrace());
        return;
      case 'scopes':
        this.respond(request, this.scopes());
        return;
      case 'variables':
        this.respond(
          request,
          this.variablesOf((request as DebugProtocol.VariablesRequest).arguments.variablesReference),
        );
        return;
      case 'next':
      case 'stepIn':
      case 'stepOut':
        this.resume(request, (run) => this.target.runs.step(run));
        return;
      case 'continue':
        this.resume(request, (run) => this.target.runs.continue(run), { allThreadsContinued: true });
        return;
      case 'pause':
        this.pauseAsked = true;
        this.withRun((run) => this.target.runs.pause(run));
        this.respond(request);
        return;
      case 'terminate':
      case 'disconnect':
        this.failed = undefined;
        this.withRun((run) => this.target.runs.cancel(run));
        this.respond(request);
        if (!this.target.runs.of(this.target.notebook)) this.terminate();
        return;
      default:
        this.respond(request);
    }
  }

  private stepping = false;
  private filters: ReadonlySet<string> = new Set();
  private failed: Failed | undefined;
  private readonly steps = new Set<string>();

  /** Runs once it is both launched and configured, in whichever order the two come. */
  private begin(what: 'launch' | 'configured'): void {
    this.steps.add(what);
    if (this.steps.size < 2 || this.launching) return;
    this.launching = true;
    const running = this.target.runs.of(this.target.notebook);
    if (running) {
      this.target.runs.setBreakpoints(running, this.allBreakpoints());
      return;
    }
    this.target.launch(this.allBreakpoints(), this.stepping).then(
      () => this.terminate(),
      (error: unknown) => {
        this.emit('output', { category: 'stderr', output: `${messageOf(error)}\n` });
        this.terminate();
      },
    );
  }

  private setBreakpoints(request: DebugProtocol.SetBreakpointsRequest): void {
    const { source, breakpoints = [] } = request.arguments;
    const cell = this.cellOfPath(source.path ?? '');
    const placed = cell ? breakpoints.map(({ line }) => placeBreakpoint(describeCell(cell), line - 1)) : [];
    const key = (cell && idOf(cell)) ?? source.path ?? '';
    this.breakpoints.set(
      key,
      placed.map(({ breakpoint }) => breakpoint),
    );
    this.respond(request, {
      breakpoints: cell
        ? placed.map(({ line }) => ({ verified: true, line: line + 1, source }))
        : breakpoints.map(({ line }) => ({
            verified: false,
            line,
            message: 'This cell is not part of the notebook any more.',
          })),
    });
    this.withRun((run) => this.target.runs.setBreakpoints(run, this.allBreakpoints()));
  }

  private follow(event: SessionEvent): void {
    switch (event.kind) {
      case 'paused': {
        this.paused = event;
        this.variables = [];
        const hit = this.allBreakpoints().some(
          (b) => b.waypoint !== undefined && b.waypoint === event.waypoint?.label,
        );
        const reason = hit ? 'breakpoint' : this.pauseAsked ? 'pause' : 'step';
        this.pauseAsked = false;
        this.emit('stopped', { reason, threadId: THREAD, allThreadsStopped: true });
        return;
      }
      case 'resumed':
        if (this.paused) this.emit('continued', { threadId: THREAD, allThreadsContinued: true });
        this.paused = undefined;
        return;
      case 'cell-ended':
        if (event.failure && this.filters.has(filterOf(event.failure) ?? '')) this.stopAt(event);
        this.emit('output', {
          category: event.outcome === 'failed' ? 'stderr' : 'stdout',
          output: `#${event.cell}: ${event.failure?.message ?? event.summary}\n`,
        });
        return;
      default:
    }
  }

  /** The run is over by then: what is shown is where and why, until the person goes on. */
  private stopAt({ cell, failure }: CellEnded): void {
    if (!failure) return;
    this.failed = { cell, failure };
    this.variables = [];
    this.emit('stopped', {
      reason: 'exception',
      description: vscode.l10n.t('Stopped: {0}', failureTitle(failure)),
      text: failure.message,
      threadId: THREAD,
      allThreadsStopped: true,
    });
  }

  private exceptionInfo(): DebugProtocol.ExceptionInfoResponse['body'] {
    const failure = this.failed?.failure;
    return {
      exceptionId: failure ? failureTitle(failure) : '',
      description: [failure?.message, failure?.details.hint].filter(Boolean).join('\n'),
      breakMode: 'always',
    };
  }

  private resume(request: DebugProtocol.Request, act: (run: ActiveRun) => void, body?: unknown): void {
    this.paused = undefined;
    if (this.failed) {
      this.failed = undefined;
      this.respond(request, body);
      if (!this.target.runs.of(this.target.notebook)) this.terminate();
      return;
    }
    this.respond(request, body);
    this.withRun(act);
  }

  /** The waypoint's line in the cell that holds the plan; below it the cell that executes it. */
  private stackTrace(): DebugProtocol.StackTraceResponse['body'] {
    const { paused } = this;
    if (this.failed) return this.failedFrames(this.failed);
    if (!paused) return { stackFrames: [], totalFrames: 0 };
    const cell = findCell(this.target.notebook, paused.cell);
    const frames: DebugProtocol.StackFrame[] = [];
    const plan = cell && this.planOf(cell);
    if (paused.waypoint && plan) {
      const line =
        lineOfBreakpoint(describeCell(plan), { cell: idOf(plan) ?? '', waypoint: paused.waypoint.label }) ??
        0;
      frames.push(frameOf(1, paused.waypoint.label, plan, line));
    }
    if (cell && cell !== plan) frames.push(frameOf(2, paused.phase, cell, 0));
    else if (cell && frames.length === 0) frames.push(frameOf(2, paused.phase, cell, 0));
    return { stackFrames: frames, totalFrames: frames.length };
  }

  private failedFrames({ cell: id, failure }: Failed): DebugProtocol.StackTraceResponse['body'] {
    const { place } = failure.details;
    const cell = findCell(this.target.notebook, place?.cell ?? id);
    if (!cell) return { stackFrames: [], totalFrames: 0 };
    const plan = this.planOf(cell);
    const text = plan?.document.getText() ?? '';
    const waypoint = place?.waypoint === undefined ? undefined : locateWaypoints(text)[place.waypoint];
    const frames =
      plan && waypoint
        ? [frameOf(1, waypoint.label, plan, plan.document.positionAt(waypoint.span.start).line)]
        : [frameOf(2, failureTitle(failure), cell, 0)];
    return { stackFrames: frames, totalFrames: frames.length };
  }

  private planOf(cell: vscode.NotebookCell): vscode.NotebookCell | undefined {
    if (runnableKindOf(cell) === 'waypoints') return cell;
    const trajectory = attributesOf(cell)['trajectory'];
    return trajectory === undefined ? undefined : findCell(this.target.notebook, trajectory);
  }

  private scopes(): DebugProtocol.ScopesResponse['body'] {
    const { paused } = this;
    const nodes = this.failed
      ? groupVariables(failureVariables(this.failed.failure))
      : paused
        ? groupVariables(paused.variables)
        : [];
    this.variables = [];
    const place = paused?.waypoint
      ? `Waypoint ${paused.waypoint.index + 1}: ${paused.waypoint.label}`
      : (paused?.phase ?? '');
    const loose = nodes.filter((node) => !node.members);
    const scopes = nodes.flatMap((node) =>
      node.members ? [{ name: node.name, members: [...node.members] }] : [],
    );
    if (loose.length > 0 || scopes.length === 0) scopes.unshift({ name: place, members: loose });
    return {
      scopes: scopes.map(({ name, members }) => ({
        name,
        variablesReference: this.keep(members),
        expensive: false,
      })),
    };
  }

  private variablesOf(reference: number): DebugProtocol.VariablesResponse['body'] {
    const nodes = this.variables[reference - 1] ?? [];
    return {
      variables: nodes.map(({ name, value, members }) => ({
        name,
        value,
        variablesReference: members ? this.keep([...members]) : 0,
      })),
    };
  }

  private keep(nodes: VariableNode[]): number {
    return this.variables.push(nodes);
  }

  private threadName(): string {
    return this.target.runs.of(this.target.notebook)?.robot ?? 'Waybook';
  }

  private allBreakpoints(): Breakpoint[] {
    const executes = runnableCells(this.target.notebook).flatMap((cell) => {
      const [id, trajectory] = [idOf(cell), attributesOf(cell)['trajectory']];
      return id !== undefined && trajectory !== undefined ? [[id, trajectory] as const] : [];
    });
    return forSession([...this.breakpoints.values()].flat(), new Map(executes));
  }

  /** VS Code names a cell by its whole URI. */
  private cellOfPath(path: string): vscode.NotebookCell | undefined {
    return this.target.notebook
      .getCells()
      .find(
        (cell) =>
          cell.document.uri.toString() === path ||
          vscode.Uri.parse(path).toString() === cell.document.uri.toString(),
      );
  }

  private withRun(act: (run: ActiveRun) => void): void {
    const run = this.target.runs.of(this.target.notebook);
    if (run) act(run);
  }

  private terminate(): void {
    if (this.terminated || this.failed) return;
    this.terminated = true;
    this.emit('terminated');
  }

  private respond(request: DebugProtocol.Request, body?: unknown, failure?: string): void {
    const response: DebugProtocol.Response = {
      seq: this.sequence++,
      type: 'response',
      request_seq: request.seq,
      command: request.command,
      success: failure === undefined,
      message: failure,
      body,
    };
    this.messages.fire(response);
  }

  private emit(event: string, body?: unknown): void {
    const message: DebugProtocol.Event = { seq: this.sequence++, type: 'event', event, body };
    this.messages.fire(message);
  }
}

function frameOf(
  id: number,
  name: string,
  cell: vscode.NotebookCell,
  line: number,
): DebugProtocol.StackFrame {
  return {
    id,
    name,
    line: line + 1,
    column: 1,
    source: { name: `#${idOf(cell) ?? '?'}`, path: cell.document.uri.toString() },
  };
}
