// The Robot kernel against an arm that we did not start: a simulator by its own clock, reached by URL as a robot is.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../../../scripts/bootstrap.mjs';
import { notebookIn, stepper } from './steps.mjs';
import { startWorkbench } from './workbench.mjs';

const NAME = 'aside.waybook.md';
export const NOTEBOOK = `---
waybook: 1
robot: bench-arm
---
# Move the arm aside

\`\`\`json capture {#table}
{ "camera": "front", "voxel": 0.006 }
\`\`\`

\`\`\`json waypoints {#path capture=table}
{ "frame": "base", "waypoints": [
  { "label": "aside", "position": [0.45, 0.15, 0.4], "orientation": [1, 0, 0, 0], "gripper": 1, "radius": 0.02 }
] }
\`\`\`

\`\`\`json execute {#go trajectory=path}
{ "speed": 0.1 }
\`\`\`
`;

/** Resolves to its URL; `stop` ends it. */
export async function startArm() {
  const program = join(root, 'dist/simulator.mjs');
  const child = spawn(process.execPath, [program, '--scene', 'tabletop', '--seed', '5', '--real-time'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const line = await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('the arm did not start')), 120_000);
    child.stdout.setEncoding('utf8').once('data', (text) => {
      clearTimeout(late);
      resolve(text);
    });
  });
  return { url: JSON.parse(line).url, stop: () => child.kill('SIGKILL') };
}

export const profile = {
  name: 'bench-arm',
  kind: 'robot',
  flavour: 'ros2',
  topics: {
    jointStates: '/joint_states',
    robotDescription: '/robot_description',
    detections: '/detections',
    cameras: {
      front: {
        points: '/front/points',
        image: '/front/image/compressed',
        info: '/front/camera_info',
      },
    },
  },
  frames: { base: 'base', tool: 'tool' },
  joints: [1, 2, 3, 4, 5, 6, 7].map((i) => `joint${i}`),
  trajectoryAction: '/arm_controller/follow_joint_trajectory',
  gripper: {
    action: '/gripper_controller/gripper_cmd',
    type: 'GripperCommand',
    joint: 'finger_joint',
    open: 0.04,
    closed: 0,
    width: 0.08,
    effort: 40,
    timeout: 5,
  },
  stopService: '/arm_controller/stop',
  accelerationLimits: [15, 7.5, 10, 12.5, 15, 20, 20],
  toolSpeedLimit: 1,
  workspace: { min: [-0.3, -0.75, -0.002], max: [0.9, 0.75, 1.2] },
  minClearance: 0.01,
  home: [0, -Math.PI / 4, 0, -0.75 * Math.PI, 0, Math.PI / 2, Math.PI / 4],
  heartbeat: { topic: '/waybook/heartbeat', hz: 20 },
};

/** Refusals and losses of a machine that is too busy to pass on joint states in time. */
const LATE = /age of the robot|joint state/;

export async function runRobot(vsix) {
  const results = { passed: 0, failed: 0 };
  const arm = await startArm();
  const workbench = await startWorkbench({
    vsix,
    files: { [NAME]: NOTEBOOK },
    settings: {
      'workbench.colorTheme': 'Default Dark Modern',
    },
    machine: { 'waybook.robots': { 'bench-arm': { url: arm.url, profile } } },
  });
  const { page, until } = workbench;
  const step = stepper(workbench, results);
  const notebook = notebookIn(workbench, NAME);
  const inApproval = async (find) => {
    for (const frame of workbench.frames()) {
      const found = find(frame);
      if ((await found.count().catch(() => 0)) > 0) return found;
    }
    return undefined;
  };

  /** Runs to its end without being asked; what came late is tried again. */
  const runUntilEnded = async () => {
    for (let attempt = 0; ; attempt++) {
      const count = notebook.runs().length + 1;
      await notebook.runAll();
      await notebook.ended(count);
      const index = notebook.indexOf(notebook.runs()[count - 1]);
      if (attempt === 5 || !LATE.test(index.end?.failure ?? '')) return index;
      console.log(`    once more: ${index.end.failure}`);
    }
  };

  /** Runs until a person is asked. States that come late are refused, as they must be; the run is then tried again. */
  const runUntilAsked = async () => {
    const asked = () => inApproval((frame) => frame.getByRole('button', { name: 'Approve and Move' }));
    for (let attempt = 0; ; attempt++) {
      await until('no approval of before is open', async () => !(await asked()));
      const count = notebook.runs().length + 1;
      await notebook.runAll();
      const ended = await until(
        'the approval is asked for',
        async () => {
          if (await asked()) return 'asked';
          const index = notebook.runs().length >= count && notebook.indexOf(notebook.runs()[count - 1]);
          return index && index.state !== 'running' ? index : undefined;
        },
        120_000,
      );
      if (ended === 'asked') return { count, find: inApproval };
      const why = `${ended.state}: ${ended.end?.failure}`;
      if (attempt === 5 || !LATE.test(why)) throw new Error(`It ended unasked as ${why}`);
      console.log(`    once more: ${why}`);
    }
  };

  try {
    await step('robot: only a person selects the Robot kernel', async () => {
      await notebook.open();
      const kernel = async () => (await page.locator('.kernel-label').first().textContent()) ?? '';
      await until('Simulator is selected where nobody chose', async () => /Simulator/.test(await kernel()));
      await workbench.command('Waybook: Select Robot');
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'bench-arm' }).first().click();
      await until('the kernel is Robot', async () => /Robot/.test(await kernel()));
    });

    await step('robot: it starts as monitor only, and refuses to move', async () => {
      const { state, end } = await runUntilEnded();
      if (state !== 'failed' || !/monitor only/.test(end?.failure ?? ''))
        throw new Error(`The run ended as ${state}: ${end?.failure}`);
      await until('the status bar says so', async () => /monitor only/.test(await notebook.statusText()));
      await workbench.screenshot('robot-monitor-only');
    });

    const armIt = async () => {
      await workbench.command('Waybook: Arm Robot');
      await until('it is armed', async () => /armed/.test(await notebook.statusText()));
    };
    await step('robot: arming proves that a goal can be cancelled', armIt);

    await step('approval: says what is bound, and Escape moves nothing', async () => {
      const { count, find } = await runUntilAsked();
      const cancel = await find((frame) => frame.getByRole('button', { name: 'Cancel' }));
      const approve = await find((frame) => frame.getByRole('button', { name: 'Approve and Move' }));
      if (!(await approve.isDisabled())) throw new Error('It can be approved without a look.');
      const text = await notebook.outputTexts();
      const { host } = new URL(arm.url);
      for (const bound of ['bench-arm', host, '10 % of full speed', 'deadline', 'Least clearance'])
        if (!text.includes(bound)) throw new Error(`It does not say "${bound}".`);
      await page.waitForTimeout(3000);
      await workbench.screenshot('approval-dark');
      await cancel.focus();
      await page.keyboard.press('Escape');
      await notebook.ended(count);
      const { state, end } = notebook.indexOf(notebook.runs()[count - 1]);
      if (state === 'succeeded' || !/not approved/.test(end?.failure ?? ''))
        throw new Error(`The run ended as ${state}: ${end?.failure}`);
    });

    await step('approval: ticked and approved, the arm moves', async () => {
      for (let attempt = 0; ; attempt++) {
        const { count, find } = await runUntilAsked();
        await (await find((frame) => frame.getByRole('checkbox', { name: /I can see the robot/ }))).check();
        await (await find((frame) => frame.getByRole('button', { name: 'Approve and Move' }))).click();
        await notebook.ended(count);
        const { state, end } = notebook.indexOf(notebook.runs()[count - 1]);
        if (state === 'succeeded') break;
        if (attempt === 3 || !LATE.test(end?.failure ?? ''))
          throw new Error(`The run ended as ${state}: ${end?.failure}`);
        console.log(`    once more: ${end.failure}`);
        await armIt();
      }
      await page.waitForTimeout(1500);
      await workbench.screenshot('robot-moved');
    });

    await step('connect: an arm that no profile describes, from its URL to the settings', async () => {
      const widget = page.locator('.quick-input-widget:visible');
      /** Waits until that question is asked. */
      const asked = (title) =>
        until(`the question "${title}"`, async () =>
          (
            (await widget
              .locator('.quick-input-title')
              .textContent()
              .catch(() => '')) ?? ''
          ).includes(title),
        );
      const type = async (title, text) => {
        await asked(title);
        await widget.locator('input.input').first().fill(text);
        await page.keyboard.press('Enter');
      };
      const pick = async (title, label) => {
        await asked(title);
        await widget.locator('.monaco-list-row', { hasText: label }).first().click();
      };
      /** Takes what is ticked already: that is what was found to fit. */
      const take = async (title) => {
        await asked(title);
        await page.keyboard.press('Enter');
      };
      await workbench.command('Waybook: Connect to Robot');
      await type('Name', 'found-arm');
      await type('URL', arm.url);
      await type('token', '');
      await asked('test');
      await workbench.screenshot('connect-found-dark');
      await pick('test', 'Go on');
      await pick('joint states', '/joint_states');
      await pick('trajectory action', '/arm_controller/follow_joint_trajectory');
      await take('joints of the arm');
      await pick('base frame', /^base/);
      await pick('tool frame', /^tool/);
      await take('point clouds');
      await pick('gripper', '/gripper_controller/gripper_cmd');
      await pick('the gripper’s joint', 'finger_joint');
      await type('gripper open', '0.04');
      await type('gripper closed', '0');
      await pick('service that stops the robot', '/arm_controller/stop');
      await page
        .getByText(/found-arm is connected/)
        .first()
        .waitFor();
      await workbench.screenshot('connect-connected-dark');
      const { 'waybook.robots': robots } = workbench.machineSettings();
      const { url, profile: made } = robots['found-arm'];
      if (url !== arm.url) throw new Error(`The URL became ${url}.`);
      if (
        made.joints.length !== 7 ||
        made.topics.jointStates !== '/joint_states' ||
        made.gripper?.open !== 0.04 ||
        !made.home.some((position) => Math.abs(position) > 0.5)
      )
        throw new Error(JSON.stringify(made));
    });

    await step('quiet: no console error of ours', async () => {
      if (workbench.errors.length > 0) throw new Error(workbench.errors.join('\n'));
    });
  } finally {
    await workbench.close();
    arm.stop();
  }
  return results;
}
