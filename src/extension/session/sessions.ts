import * as vscode from 'vscode';
import type { SessionConfiguration, SessionEvent } from '../../notebook/session/session-api.ts';
import type { Log } from '../support/log.ts';
import type { Secrets } from '../support/secrets.ts';
import * as settings from '../support/settings.ts';
import { readProfiles } from './robot-profiles.ts';
import { SessionClient } from './session-client.ts';
import { forkSession } from './session-process.ts';

/** Key of the session that owns the built-in simulator. Every real robot has one under its own name. */
export const SIMULATOR = 'simulator';
/** A simulator of their own for language-model tools, so that they never disturb the scene a person works in. */
export const TOOLS = 'tools';

export interface SessionNotice {
  /** {@link SIMULATOR} or a robot's name */
  readonly target: string;
  readonly event: SessionEvent;
}

/** The sessions of this window: one process per robot, started when it is first needed. */
export class Sessions implements vscode.Disposable {
  private readonly clients = new Map<string, SessionClient>();
  private readonly events = new vscode.EventEmitter<SessionNotice>();
  private readonly losses = new vscode.EventEmitter<{ target: string; reason: string; duringRun: boolean }>();
  readonly onEvent = this.events.event;
  readonly onLost = this.losses.event;

  constructor(
    private readonly bundle: string,
    private readonly secrets: Secrets,
    private readonly log: Log,
  ) {}

  get(target: string): SessionClient {
    const existing = this.clients.get(target);
    if (existing) return existing;
    const name = target === SIMULATOR || target === TOOLS ? 'the simulator' : `robot ${target}`;
    const client = new SessionClient({
      name,
      connect: (events) => forkSession(this.bundle, events),
      configuration: () => this.configuration(),
      onEvent: (event) => this.events.fire({ target, event }),
      onLog: (level, text) => this.log.write(level, text),
      answerModel: async (request) => {
        const { answerWithLanguageModel } = await import('../plan/language-model.ts');
        return answerWithLanguageModel(request);
      },
      onLost: (reason, duringRun) => {
        this.log.warn(`The process of ${name} ended: ${reason}.`);
        this.losses.fire({ target, reason, duringRun });
      },
    });
    this.clients.set(target, client);
    return client;
  }

  /** Those whose process is there now. */
  alive(): [string, SessionClient][] {
    return [...this.clients].filter(([, client]) => client.alive);
  }

  restart(target: string): void {
    const client = this.clients.get(target);
    if (!client?.alive) return;
    client.restart();
    this.losses.fire({ target, reason: 'restarted', duringRun: false });
  }

  dispose(): void {
    for (const client of this.clients.values()) client.dispose();
    this.events.dispose();
    this.losses.dispose();
  }

  private async configuration(): Promise<SessionConfiguration> {
    const { robots, problems } = settings.robots();
    for (const problem of problems) this.log.warn(`Setting waybook.robots: ${problem}.`);
    const { baseUrl, model } = settings.openAi();
    return {
      robots: await readProfiles(robots, this.secrets, this.log.warn),
      openai: baseUrl === '' ? undefined : { baseUrl, model, apiKey: await this.secrets.plannerKey() },
      limits: settings.limits(),
      trusted: vscode.workspace.isTrusted,
    };
  }
}
