// A session without physics, for tests of the editor alone: speaks the messages of session-api.ts and moves nothing.
// It paces by itself so that tests can pause, step, stop and kill it at known places.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const send = (message) => process.connected && process.send(message);
const emit = (event) => send({ type: 'event', event });
const sha = (bytes) => createHash('sha256').update(bytes).digest('hex');
const buffer = (array, shape, dtype) => {
  const bytes = Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  return { dtype, shape, sha256: sha(bytes), base64: bytes.toString('base64') };
};
const STEP_MS = Number(process.env.WAYBOOK_FAKE_STEP_MS ?? 60);

let epoch = 0;
let run;
let awaitingModel;

/** Cells of the text, read the simple way: the fake has its own little parser so that it checks the real one. */
function cellsOf(text) {
  const cells = [];
  const fence = /^```(?:json )?(instruction|capture|waypoints|execute) \{([^}]*)\}\n([\s\S]*?)\n?^```$/gm;
  for (const [, kind, attributes, body] of text.replaceAll('\r\n', '\n').matchAll(fence)) {
    const id = /#([\w-]+)/.exec(attributes)?.[1];
    const pairs = Object.fromEntries([...attributes.matchAll(/(\w+)=([\w-]+)/g)].map((m) => [m[1], m[2]]));
    cells.push({ kind, id, body, ...pairs });
  }
  return cells;
}

const planned = (body) => sha(body.trimEnd()).slice(0, 16);
const POINTS = [
  ['above the cube', [0.45, 0.14, 0.22], 1],
  ['grasp', [0.46, 0.15, 0.03], 0],
  ['lift', [0.45, 0.14, 0.26], 0],
  ['over the bowl', [0.58, -0.17, 0.25], 0],
  ['release', [0.58, -0.17, 0.13], 1],
];
const waypoint = ([label, position, gripper]) => ({
  label,
  position,
  orientation: [1, 0, 0, 0],
  gripper,
  radius: 0.03,
});
const planBody = () =>
  `{\n  "frame": "base",\n  "waypoints": [\n${POINTS.map((p) => `    ${JSON.stringify(waypoint(p))}`).join(',\n')}\n  ]\n}`;

function scene(kind, cell, verdict, layers, facts = []) {
  return {
    version: 1,
    kind,
    cell,
    title: `${cell}: ${kind}`,
    verdict,
    facts,
    layers,
    provenance: {
      waybook: '0',
      robot: run?.robot ?? 'sim',
      robotFrom: 'default',
      epoch: { session: 'fake', counter: epoch },
    },
  };
}

function cloudScene(cell, kind = 'capture') {
  const n = 4000;
  const positions = new Float32Array(n * 3);
  const colors = new Uint8Array(n * 3);
  for (let i = 0; i < n; i++) {
    positions.set([0.3 + ((i * 7919) % 1000) / 2500, -0.25 + ((i * 104729) % 1000) / 2000, 0], i * 3);
    colors.set(i % 9 === 0 ? [200, 60, 50] : [150, 150, 155], i * 3);
  }
  const layer = {
    id: 'cloud:table',
    kind: 'cloud',
    label: 'Point cloud',
    cell,
    positions: buffer(positions, [n, 3], 'f32'),
    colors: buffer(colors, [n, 3], 'u8'),
    total: n,
  };
  return scene(
    kind,
    cell,
    { ok: true, text: `${n} points` },
    [layer],
    [
      { name: 'Points', value: `${n} points` },
      { name: 'Frame', value: 'frame base' },
    ],
  );
}

function pathScene(cell, waypoints, kind) {
  const n = 200;
  const times = new Float64Array(n);
  const tool = new Float32Array(n * 7);
  const gripper = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    const s = (i / (n - 1)) * (waypoints.length - 1);
    const a = waypoints[Math.floor(s)];
    const b = waypoints[Math.min(waypoints.length - 1, Math.floor(s) + 1)];
    const f = s - Math.floor(s);
    times[i] = i * 0.045;
    tool.set(
      [0, 1, 2].map((k) => a.position[k] + (b.position[k] - a.position[k]) * f),
      i * 7,
    );
    tool.set([1, 0, 0, 0], i * 7 + 3);
    gripper[i] = a.gripper;
  }
  const events = waypoints.map((w, i) => ({
    t: times[Math.round((i / (waypoints.length - 1)) * (n - 1))],
    label: w.label,
    kind: 'waypoint',
  }));
  const role = kind === 'executed' ? 'executed' : 'refined';
  return scene(
    kind,
    cell,
    { ok: true, text: kind === 'executed' ? 'Cube in the bowl, at rest' : 'Refined' },
    [
      { id: 'coarse', kind: 'waypoints', label: 'Coarse waypoints', cell, waypoints },
      {
        id: role,
        kind: 'trajectory',
        label: role,
        role,
        cell,
        times: buffer(times, [n], 'f64'),
        tool: buffer(tool, [n, 7], 'f32'),
        gripper: buffer(gripper, [n], 'f32'),
        events,
      },
    ],
    [
      { name: 'Duration', value: '9.0 s' },
      { name: 'Clearance', value: 'clearance 61 mm' },
    ],
  );
}

class Cancelled extends Error {}

async function tick(slower = 1) {
  for (let i = 0; i < 4 * slower; i++) {
    await sleep(STEP_MS / 4);
    if (run.cancelled) throw new Cancelled();
  }
}

async function maybePause(cell, phase, point) {
  const hit =
    run.breakpoints.some((b) => b.cell === cell && b.waypoint === point?.label) ||
    (point === undefined && run.breakpoints.some((b) => b.cell === cell && b.waypoint === undefined));
  if (!(run.stepping || run.pauseNext || hit)) return;
  run.stepping = run.pauseNext = false;
  const variables = {
    'Pose error/position': '1.1 mm',
    'Clearance/now': '132 mm',
    'Joint state/joint1': 0.074,
    'Joint state/joint2': -0.151,
    'Limits in force/speed': '50 %, 0.27 m/s at most',
  };
  emit({
    kind: 'paused',
    cell,
    phase,
    ...(point ? { waypoint: { index: point.index, label: point.label } } : {}),
    variables,
  });
  await new Promise((resolve) => (run.resume = resolve));
  run.resume = undefined;
  if (run.cancelled) throw new Cancelled();
  emit({ kind: 'resumed' });
}

/** One pixel: VS Code decodes what it sends to a model. */
const PICTURE = new Uint8Array(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
);

/** The editor's own models live in the host: one question with a picture, as the real session asks. */
function askModel(prompt) {
  return new Promise((resolve, reject) => {
    awaitingModel = ({ text, failure }) =>
      failure === undefined
        ? resolve(text)
        : reject(Object.assign(new Error(failure), { code: 'input/planner' }));
    send({ type: 'model-request', id: 1, prompt, images: [{ mime: 'image/png', bytes: PICTURE }] });
  });
}

async function runCell(cell, cells, index) {
  const phase = { capture: 'capture', instruction: 'plan', waypoints: 'refine', execute: 'execute' }[
    cell.kind
  ];
  emit({ kind: 'cell-started', cell: cell.id, phase });
  await maybePause(cell.id, phase);
  await tick();
  switch (cell.kind) {
    case 'capture':
      return output(cell, cloudScene(cell.id));
    case 'instruction': {
      if (/fail/.test(cell.body))
        throw Object.assign(new Error('No thing here is called "fail".'), {
          code: 'input/grounding',
          details: { hint: 'It sees: red cube, blue bowl.' },
        });
      const body = planBody();
      const existing = cells.find((c) => c.kind === 'waypoints' && c.plan === cell.id);
      const wanted = cells.slice(index).find((c) => c.kind === 'execute')?.trajectory;
      const id = existing?.id ?? wanted ?? `${cell.id}-plan`;
      const conflict = existing !== undefined && planned(existing.body) !== existing.planned;
      emit({
        kind: 'plan-written',
        instruction: cell.id,
        cell: id,
        body,
        planned: planned(body),
        created: existing === undefined,
        conflict,
      });
      if (run.request.options.planner === 'vscode') {
        const said = await askModel(cell.body);
        output(cell, scene('plan', cell.id, { ok: true, text: said }, []));
        return undefined;
      }
      if (!existing) cells.splice(index + 1, 0, { kind: 'waypoints', id, body, plan: cell.id });
      else if (!conflict) existing.body = body;
      output(
        cell,
        scene(
          'plan',
          cell.id,
          { ok: true, text: 'Pick red cube, place in blue bowl' },
          [{ id: 'coarse', kind: 'waypoints', label: 'Coarse', waypoints: POINTS.map(waypoint) }],
          [
            { name: 'Planner', value: 'Built-in language planner' },
            { name: 'Waypoints', value: `${POINTS.length} waypoints` },
          ],
        ),
      );
      return existing ? undefined : id;
    }
    case 'waypoints': {
      const { waypoints } = JSON.parse(cell.body);
      const low = waypoints.findIndex((w) => w.position[2] < 0);
      if (low >= 0) {
        const refused = pathScene(cell.id, waypoints, 'refined');
        output(cell, {
          ...refused,
          verdict: {
            ok: false,
            text: 'Refused: the tool would pass 10 mm above the table; 20 mm is required.',
          },
        });
        throw Object.assign(
          new Error('The tool would pass 10 mm above the table; 20 mm is required. Nothing moved.'),
          {
            code: 'input/collision',
            details: {
              place: { cell: cell.id, waypoint: low },
              limit: { name: 'clearance', value: 0.01, limit: 0.02, unit: 'm' },
            },
          },
        );
      }
      return output(cell, pathScene(cell.id, waypoints, 'refined'));
    }
    case 'execute': {
      const plan = cells.find((c) => c.id === cell.trajectory);
      const { waypoints } = JSON.parse(plan.body);
      const { speed = 1 } = JSON.parse(cell.body);
      for (const [i, w] of waypoints.entries()) {
        await maybePause(cell.id, 'execute', { index: i, label: w.label, plan: plan.id });
        emit({
          kind: 'progress',
          cell: cell.id,
          text: `${i + 1} of ${waypoints.length} waypoints`,
          fraction: i / waypoints.length,
        });
        await tick(speed < 0.1 ? 200 : 1);
      }
      epoch++;
      return output(cell, pathScene(cell.id, waypoints, 'executed'));
    }
  }
}

function output(cell, value) {
  emit({ kind: 'output', cell: cell.id, scene: value });
  const folder = join(run.request.runsFolder, run.name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${cell.id}.scene.json`), JSON.stringify(value));
  run.index.cells[cell.id] = {
    key: sha(cell.body),
    summary: '',
    ok: true,
    stamp: 0,
    preview: `${cell.id}.scene.json`,
    sidecars: [],
  };
  writeFileSync(join(folder, 'index.json'), JSON.stringify(run.index, null, 2));
}

async function start(request) {
  const name = `${new Date().toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '')}-${request.runId.slice(0, 6)}`;
  run = {
    request,
    name,
    robot: request.options.robot,
    breakpoints: request.breakpoints ?? [],
    stepping: request.stepping,
    index: {
      version: 1,
      run: name,
      notebook: request.name,
      started: new Date().toISOString(),
      state: 'running',
      cells: {},
    },
  };
  emit({ kind: 'run-started', runId: request.runId, recordFolder: name });
  emit({ kind: 'link', state: 'monitoring', reason: 'fake', roundTripMs: 0.4 });
  const cells = cellsOf(request.text);
  let failure;
  let cancelled = false;
  try {
    const queue = request.cells ? [...request.cells] : cells.map((c) => c.id);
    while (queue.length > 0) {
      const id = queue.shift();
      const index = cells.findIndex((c) => c.id === id);
      try {
        const then = await runCell(cells[index], cells, index);
        emit({ kind: 'cell-ended', cell: id, outcome: 'succeeded', summary: 'done' });
        if (then !== undefined) queue.unshift(then);
      } catch (error) {
        if (error instanceof Cancelled) {
          cancelled = true;
          emit({ kind: 'cell-ended', cell: id, outcome: 'cancelled', summary: 'stopped' });
        } else {
          failure = {
            code: error.code ?? 'internal/bug',
            message: error.message,
            details: error.details ?? {},
          };
          emit({ kind: 'cell-ended', cell: id, outcome: 'failed', summary: error.message, failure });
        }
        break;
      }
    }
  } finally {
    run.index.state = failure ? 'failed' : cancelled ? 'cancelled' : 'succeeded';
    const folder = join(request.runsFolder, name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'index.json'), JSON.stringify(run.index, null, 2));
    const runId = request.runId;
    run = undefined;
    emit({
      kind: 'run-ended',
      runId,
      exitCode: failure ? 2 : cancelled ? 1 : 0,
      ...(failure ? { failure } : {}),
    });
  }
}

process.on('message', (command) => {
  switch (command.kind) {
    case 'run':
      return void start(command.request);
    case 'cancel':
      if (run) {
        run.cancelled = true;
        run.resume?.();
      }
      return;
    case 'pause':
      if (run) run.pauseNext = true;
      return;
    case 'continue':
      run?.resume?.();
      return;
    case 'step':
      if (run) {
        run.stepping = true;
        run.resume?.();
      }
      return;
    case 'set-breakpoints':
      if (run) run.breakpoints = command.breakpoints;
      return;
    case 'stop-motion':
      if (run) {
        run.cancelled = true;
        run.resume?.();
      }
      return void send({
        type: 'reply',
        reply: { kind: 'stopped', report: { acknowledgedMs: 3, atRest: true, atRestMs: 40 } },
      });
    case 'model-reply':
      awaitingModel?.(command);
      awaitingModel = undefined;
      return;
    case 'compare-records':
      return void send({
        type: 'reply',
        reply: { kind: 'records-compared', differences: [{ kind: 'state', text: 'nothing to speak of' }] },
      });
    case 'reset-scene':
      return void send({ type: 'reply', reply: { kind: 'scene-reset', epoch: ++epoch } });
    case 'live-scene':
      return void send({ type: 'reply', reply: { kind: 'live-scene', scene: cloudScene('live', 'live') } });
    case 'close':
      process.exit(0);
  }
});
process.on('disconnect', () => process.exit(0));
send({ type: 'ready', version: 'fake' });
