import * as vscode from 'vscode';
import { messageOf } from '../../core/errors.ts';
import type { RobotSetup } from './manual-client.ts';

/** Commands that set up and move an arm by a person's word. Their code is loaded with the first that is used. */
export function registerRobotSetup(setup: RobotSetup): vscode.Disposable {
  const actions = () => import('./robot-actions.ts');
  const handlers: Record<string, (...args: unknown[]) => Promise<unknown>> = {
    connectRobot: async () => (await import('./connect-robot.ts')).connectRobot(setup),
    recordWaypoint: async () => (await actions()).recordWaypoint(setup),
    recordPose: async () => (await actions()).recordPose(setup),
    moveToWaypoint: async () => (await actions()).moveToWaypoint(setup),
    moveToPose: async () => (await actions()).moveToPose(setup),
    homeRobot: async () => (await actions()).moveToPose(setup, 'home'),
    openGripper: async () => (await actions()).grip(setup, 1),
    closeGripper: async () => (await actions()).grip(setup, 0),
    recoverRobot: async () => (await actions()).recover(setup),
    jogRobot: async () => (await import('./jog-mode.ts')).jogMode(setup),
    jog: async (direction) => (await import('./jog-mode.ts')).pressed(direction),
    endJog: async () => (await import('./jog-mode.ts')).endJog(),
    checkCamera: async () => (await import('./check-camera.ts')).checkCamera(setup),
  };
  return vscode.Disposable.from(
    ...Object.entries(handlers).map(([name, handler]) =>
      vscode.commands.registerCommand(`waybook.${name}`, async (...args: unknown[]) => {
        try {
          return await handler(...args);
        } catch (error) {
          setup.log.error(name, error);
          void vscode.window.showErrorMessage(messageOf(error));
          return undefined;
        }
      }),
    ),
  );
}
