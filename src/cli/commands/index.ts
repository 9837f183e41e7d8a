import type { Command } from '../command.ts';
import { benchCodecsCommand } from './bench-codecs.ts';
import { benchLinkCommand } from './bench-link.ts';
import { benchRefineCommand } from './bench-refine.ts';
import { benchSimulatorCommand } from './bench-simulator.ts';
import { benchViewerCommand } from './bench-viewer.ts';
import { benchSweepCommand } from './bench-sweep.ts';
import { bundleCommand } from './bundle.ts';
import { checkCommand } from './check.ts';
import { demosCommand } from './demos.ts';
import { diffCommand } from './diff.ts';
import { evalCommand } from './eval.ts';
import { evalExpertCommand } from './eval-expert.ts';
import { evalClosedLoopCommand, evalClosedLoopWorkerCommand } from './eval-closed-loop.ts';
import { exportCommand } from './export.ts';
import { modelCheckCommand } from './model-check.ts';
import { planCommand } from './plan.ts';
import { plannerCheckCommand } from './planner-check.ts';
import { refineCommand } from './refine.ts';
import { replayCommand } from './replay.ts';
import { robotCommand } from './robot.ts';
import { runCommand } from './run.ts';
import { runsCommand } from './runs.ts';
import { simCommand } from './sim.ts';
import { stripCommand } from './strip.ts';
import { sweepCommand } from './sweep.ts';
import { verifyCommand } from './verify.ts';

/** All commands, in the order in which help lists them. */
export const commands: readonly Command[] = [
  runCommand,
  planCommand,
  refineCommand,
  sweepCommand,
  robotCommand,
  simCommand,
  checkCommand,
  exportCommand,
  verifyCommand,
  replayCommand,
  diffCommand,
  runsCommand,
  bundleCommand,
  stripCommand,
  evalCommand,
  evalExpertCommand,
  evalClosedLoopCommand,
  evalClosedLoopWorkerCommand,
  benchRefineCommand,
  benchSimulatorCommand,
  benchLinkCommand,
  benchSweepCommand,
  benchViewerCommand,
  benchCodecsCommand,
  demosCommand,
  modelCheckCommand,
  plannerCheckCommand,
];
