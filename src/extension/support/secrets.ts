import type * as vscode from 'vscode';

const PLANNER_KEY = 'waybook.planner.apiKey';

/** Credentials, in VS Code's secret storage only: never in settings, notebooks, logs or records. */
export class Secrets {
  constructor(private readonly storage: vscode.SecretStorage) {}

  async plannerKey(): Promise<string | undefined> {
    return this.storage.get(PLANNER_KEY);
  }

  async setPlannerKey(key: string | undefined): Promise<void> {
    if (key === undefined) await this.storage.delete(PLANNER_KEY);
    else await this.storage.store(PLANNER_KEY, key);
  }

  async robotToken(robot: string): Promise<string | undefined> {
    return this.storage.get(`waybook.robot.${robot}`);
  }

  async setRobotToken(robot: string, token: string): Promise<void> {
    await this.storage.store(`waybook.robot.${robot}`, token);
  }
}
