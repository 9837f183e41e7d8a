import * as vscode from 'vscode';
import { messageOf } from '../../core/errors.ts';
import type { LogLevel } from '../session/session-client.ts';

/** The log channel of the extension and of every process that it starts. */
export class Log implements vscode.Disposable {
  private readonly channel = vscode.window.createOutputChannel('Waybook', { log: true });

  write(level: LogLevel, text: string): void {
    for (const line of text.split('\n')) if (line !== '') this.channel[level](line);
  }

  info = (text: string): void => this.write('info', text);
  warn = (text: string): void => this.write('warn', text);

  error(what: string, error: unknown): void {
    this.write('error', `${what}: ${messageOf(error)}`);
  }

  show(): void {
    this.channel.show(true);
  }

  dispose(): void {
    this.channel.dispose();
  }
}

/** Runs work that nobody waits for; what goes wrong is logged, never an unhandled rejection. */
export function detach(log: Log, what: string, work: Promise<unknown> | Thenable<unknown>): void {
  Promise.resolve(work).catch((error: unknown) => log.error(what, error));
}
