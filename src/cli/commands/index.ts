import type { Command } from '../command.ts';
import { benchLinkCommand } from './bench-link.ts';
import { benchSimulatorCommand } from './bench-simulator.ts';
import { checkCommand } from './check.ts';
import { demosCommand } from './demos.ts';
import { evalCommand } from './eval.ts';
import { evalWorkerCommand } from './eval-worker.ts';
import { exportCommand } from './export.ts';
import { modelCheckCommand } from './model-check.ts';
import { planCommand } from './plan.ts';
import { refineCommand } from './refine.ts';
import { runCommand } from './run.ts';
import { simCommand } from './sim.ts';
import { verifyCommand } from './verify.ts';

/** All commands, in the order in which help lists them. */
export const commands: readonly Command[] = [
  runCommand,
  planCommand,
  refineCommand,
  simCommand,
  checkCommand,
  exportCommand,
  verifyCommand,
  evalCommand,
  benchSimulatorCommand,
  benchLinkCommand,
  demosCommand,
  modelCheckCommand,
  evalWorkerCommand,
];
