import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { hasPythonWith, pythonWith } from '../../src/simulator/server/testing/python-environment.ts';

export const RAY_VERSION = '2.60.0';
const INSTALL_MS = 600_000;
const START_MS = 120_000;
const START_ATTEMPTS = 4;
const SETTLE_MS = 5000;

/**
 * A Python with Ray in a virtual environment of its own; undefined, with one line, where it cannot be had. Continuous
 * integration always asks; elsewhere `WAYBOOK_RAY_TESTS=1` does, since the first time loads some 380 MB. What is there is used.
 */
export async function pythonWithRay(): Promise<string | undefined> {
  const packages = [`ray[default]==${RAY_VERSION}`];
  const asked = process.env['CI'] === 'true' || process.env['WAYBOOK_RAY_TESTS'] === '1';
  if (!asked && !hasPythonWith(packages)) {
    process.stderr.write(
      'skipped: the tests on a real Ray cluster load Ray with CI=true or WAYBOOK_RAY_TESTS=1, and run by themselves from then on\n',
    );
    return undefined;
  }
  // Every node gets a loopback address of its own, which only Linux has without being asked.
  if (process.platform !== 'linux') {
    process.stderr.write('skipped: a cluster of several nodes on one machine needs Linux\n');
    return undefined;
  }
  const python = await pythonWith(packages, INSTALL_MS);
  if (python === undefined && process.env['CI'] === 'true' && canReachIndex()) {
    throw new Error(`Ray ${RAY_VERSION} could not be installed, though the package index answers.`);
  }
  return python;
}

const canReachIndex = (): boolean =>
  spawnSync('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', '/tmp', 'six'], {
    timeout: 60_000,
  }).status === 0;

/**
 * A real Ray cluster on loopback: a head and further nodes, each its own raylet with one processor and a small object
 * store. It asks for a token, because some of its ports are open to the network whatever one says.
 */
export class RayCluster implements AsyncDisposable {
  readonly token = randomBytes(16).toString('hex');
  readonly #python: string;
  readonly #temporary = mkdtempSync('/tmp/wb-ray-');
  readonly #nodes: { readonly process: ChildProcess; readonly log: string }[] = [];
  #ports = { gcs: 0, dashboard: 0, client: 0 };

  private constructor(python: string) {
    this.#python = python;
  }

  static async start(python: string, nodes: number): Promise<RayCluster> {
    const cluster = new RayCluster(python);
    try {
      cluster.#ports = { gcs: await freePort(), dashboard: await freePort(), client: await freePort() };
      const { gcs, dashboard, client } = cluster.#ports;
      await cluster.#startNode([
        '--head',
        `--port=${gcs}`,
        `--dashboard-port=${dashboard}`,
        '--dashboard-host=127.0.0.1',
        `--ray-client-server-port=${client}`,
        `--temp-dir=${cluster.#temporary}`,
      ]);
      await cluster.#answers();
      for (let i = 1; i < nodes; i++) await cluster.addNode();
      return cluster;
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The head's many processes have come up once its dashboard answers. */
  async #answers(): Promise<void> {
    const end = Date.now() + START_MS;
    for (;;) {
      const response = await fetch(`${this.jobs}/api/version`, {
        headers: { Authorization: `Bearer ${this.token}` },
        signal: AbortSignal.timeout(20_000),
      }).catch(() => undefined);
      if (response?.ok === true) return;
      if (Date.now() > end) throw new Error('The dashboard of Ray does not answer.');
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  get jobs(): string {
    return `http://127.0.0.1:${this.#ports.dashboard}`;
  }

  get client(): string {
    return `ray://127.0.0.2:${this.#ports.client}`;
  }

  get python(): string {
    return this.#python;
  }

  addNode(): Promise<void> {
    return this.#startNode([`--address=127.0.0.2:${this.#ports.gcs}`]);
  }

  /** kill -9 of everything that the last node is. */
  killLastNode(): void {
    const node = this.#nodes.pop();
    if (node?.process.pid !== undefined) killTree(node.process.pid);
  }

  /** Ray gives a node half a minute to come up, which a machine that does much else does not always give it. */
  async #startNode(args: readonly string[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#tryNode(args);
      } catch (error) {
        this.killLastNode();
        if (attempt === START_ATTEMPTS) throw error;
      }
    }
  }

  async #tryNode(args: readonly string[]): Promise<void> {
    const log = join(this.#temporary, `node-${this.#nodes.length}-${randomBytes(3).toString('hex')}.log`);
    writeFileSync(log, '');
    const script = [
      '-m',
      'ray.scripts.scripts',
      'start',
      '--block',
      '--num-cpus=1',
      '--object-store-memory=80000000',
      `--node-ip-address=127.0.0.${this.#nodes.length + 2}`,
      '--disable-usage-stats',
      ...args,
    ];
    const child = spawn('sh', ['-c', `exec "$0" "$@" > '${log}' 2>&1`, this.#python, ...script], {
      stdio: 'ignore',
      // A session of its own: Ctrl-C in the tests does not reach it before it is stopped in order.
      detached: true,
      env: {
        ...process.env,
        // A job's "python" is the one that is found first.
        PATH: `${dirname(this.#python)}:${process.env['PATH'] ?? ''}`,
        RAY_AUTH_MODE: 'token',
        RAY_AUTH_TOKEN: this.token,
        RAY_USAGE_STATS_ENABLED: '0',
        // A busy machine starts Ray's Python processes slowly; its own patience ends early.
        RAY_agent_register_timeout_ms: String(START_MS),
        RAY_gcs_server_request_timeout_seconds: '120',
      },
    });
    this.#nodes.push({ process: child, log });
    const end = Date.now() + START_MS;
    // One of its processes may still give up after it has said so, and takes the node down.
    let settled = 0;
    while (settled < SETTLE_MS) {
      if (/Ray runtime started/.test(readFileSync(log, 'utf8'))) settled += 200;
      if (child.exitCode !== null || Date.now() > end)
        throw new Error(`Ray did not start: ${readFileSync(log, 'utf8')}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { process: node } of this.#nodes.reverse()) {
      const pids = treeOf(node.pid ?? 0);
      node.kill('SIGTERM');
      await Promise.race([
        new Promise((resolve) => node.once('exit', resolve)),
        new Promise((resolve) => setTimeout(resolve, 20_000)),
      ]);
      for (const pid of pids) kill(pid);
    }
    rmSync(this.#temporary, { recursive: true, force: true, maxRetries: 5 });
  }
}

function killTree(root: number): void {
  for (const pid of treeOf(root)) kill(pid);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

/** A process and everything below it. */
function treeOf(root: number): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const parents = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const found = [root];
  for (const pid of found)
    for (const [child, parent] of parents) if (parent === pid && child) found.push(child);
  return found;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
