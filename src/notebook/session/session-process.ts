import { messageOf } from '../../core/errors.ts';
import { version } from '../../core/version.ts';
import { compareRecords } from '../../records/compare-records.ts';
import { readRecord } from '../../records/read-record.ts';
import { surveyRobot } from '../../robot/link/survey-robot.ts';
import { parseSessionCommand } from './parse-command.ts';
import { defaultServices } from './default-services.ts';
import { HostModel } from './host-model.ts';
import { openRunLog } from './record-log.ts';
import type { SessionCommand, SessionConfiguration, SessionEvent, SessionMessage } from './session-api.ts';
import { failureOf } from './session-failure.ts';
import { TaskSession } from './task-session.ts';

/*
 * Entry of `dist/motion.mjs`: a task session in a process of its own, so that a busy editor starves no heartbeat and a
 * crash here takes no editor down. It ends when its parent goes away, bringing the robot to rest first.
 */

/** Robot states reach the parent at most this often [ms]; the record has all of them. */
const STATE_PERIOD_MS = 50;

let lastState = 0;
let configuration: SessionConfiguration | undefined;

function send(message: SessionMessage): void {
  if (process.connected) process.send?.(message);
}

function emit(event: SessionEvent): void {
  if (event.kind === 'robot') {
    const now = performance.now();
    if (now - lastState < STATE_PERIOD_MS) return;
    lastState = now;
  }
  send({ type: 'event', event });
}

const hostModel = new HostModel(send);
const session = new TaskSession({
  services: defaultServices({ configuration: () => configuration, lm: hostModel }),
  emit,
  openLog: openRunLog,
  id: crypto.randomUUID(),
});
const closing = new AbortController();

async function perform(command: SessionCommand): Promise<void> {
  switch (command.kind) {
    case 'configure':
      configuration = command.configuration;
      return;
    case 'model-reply':
      hostModel.answer(command);
      return;
    case 'run':
      await session.run(command.request);
      return;
    case 'cancel':
      session.cancel();
      return;
    case 'pause':
      session.pause();
      return;
    case 'continue':
      session.continue();
      return;
    case 'step':
      session.step();
      return;
    case 'stop-motion':
      send({ type: 'reply', reply: { kind: 'stopped', report: await session.stopMotion(command.reason) } });
      return;
    case 'approve':
      session.answerApproval(command.hash, true);
      return;
    case 'refuse':
      session.answerApproval(command.hash, false, command.why);
      return;
    case 'set-breakpoints':
      session.setBreakpoints(command.breakpoints);
      return;
    case 'reset-scene':
      send({
        type: 'reply',
        reply: { kind: 'scene-reset', epoch: await session.resetScene(command.robot, closing.signal) },
      });
      return;
    case 'live-scene':
      send({
        type: 'reply',
        reply: { kind: 'live-scene', scene: await session.liveScene(command.robot, closing.signal) },
      });
      return;
    case 'arm':
      await session.arm(command.robot, closing.signal);
      send({ type: 'reply', reply: { kind: 'armed' } });
      return;
    case 'disarm':
      session.disarm();
      return;
    case 'manual':
      send({ type: 'reply', reply: { kind: 'manual-started', id: command.id } });
      await session.manual(command.id, command.robot, command.action);
      return;
    case 'jog-hold':
      session.holdJog();
      return;
    case 'jog-release':
      session.releaseJog();
      return;
    case 'survey': {
      const { url, token, ca } = command;
      const reply = await surveyRobot({ url, token, ca }, closing.signal).then(
        (survey) => ({ survey }),
        (error: unknown) => ({ failure: failureOf(error) }),
      );
      send({ type: 'reply', reply: { kind: 'surveyed', ...reply } });
      return;
    }
    case 'compare-records': {
      const differences = compareRecords(readRecord(command.before), readRecord(command.after));
      send({ type: 'reply', reply: { kind: 'records-compared', differences } });
      return;
    }
    case 'close':
      await close();
  }
}

async function close(): Promise<void> {
  closing.abort();
  await session[Symbol.asyncDispose]();
  process.exit(0);
}

process.on('message', (message: unknown) => {
  const command = parseSessionCommand(message);
  if (!command) {
    send({
      type: 'log',
      level: 'error',
      text: 'A message from the editor was not understood and is ignored.',
    });
    return;
  }
  perform(command).catch((error: unknown) => {
    send({ type: 'failed', command: command.kind, message: messageOf(error) });
  });
});
process.on('disconnect', () => void close());
send({ type: 'ready', version });
