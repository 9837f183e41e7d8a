import type { Capture } from '../../core/capture.ts';
import { WaybookError } from '../../core/errors.ts';
import { defaultServices } from '../../notebook/session/default-services.ts';
import { parseRobotAddress } from '../../notebook/session/robot-address.ts';
import type { RecordContents, RecordedTrajectory } from '../../records/read-record.ts';
import { executeTrajectory } from '../../robot/gate/execute-trajectory.ts';
import { validate } from '../../robot/gate/validate.ts';
import type { TaskVerdict } from '../../robot/robot-link.ts';

export interface SimulatorReplay {
  readonly motions: readonly {
    readonly cell: string;
    readonly outcome: string;
    readonly note?: string;
    /** greatest difference from the recorded execution at the same sample [rad]; absent where their lengths differ */
    readonly apart?: number;
  }[];
  readonly verdict?: TaskVerdict;
  readonly finalStateHash?: string;
}

/**
 * Executes the recorded trajectories again, as they are, on a fresh simulator with the recorded scene and seed: nothing
 * is captured, planned or refined. Every one passes the gate's validation first. Throws `input/usage` for a record of a
 * real robot or one in which nothing moved, and what the gate refuses.
 */
export async function replayOnSimulator(
  record: RecordContents,
  signal: AbortSignal,
  onMotion: (cell: string) => void,
): Promise<SimulatorReplay> {
  const { provenance } = record;
  const address = provenance ? parseRobotAddress(provenance.robot) : undefined;
  if (address?.kind !== 'simulator') {
    throw new WaybookError(
      'input/usage',
      `${record.name} ran on ${provenance?.robot ?? 'an unknown robot'}; only simulator runs can be replayed there.`,
    );
  }
  const executed = record.motions.filter((motion) => motion.phase === 'executed');
  if (executed.length === 0)
    throw new WaybookError('input/usage', `Nothing moved in ${record.name}: there is nothing to replay.`);
  await using world = await defaultServices().openWorld(address, {}, signal);
  const { link, model, selfCollision, simulator } = world;
  const motions: SimulatorReplay['motions'][number][] = [];
  for (const { cell, trajectoryHash, joints } of executed) {
    const recorded = trajectoryOf(record, trajectoryHash);
    onMotion(cell);
    // Things settle and fall in the time that sensing and planning took: as much passes here before the arm moves.
    const wait = recorded.stamp - link.clock.now();
    if (wait > 0) await link.clock.advance(wait, signal);
    const capture = captureBefore(record, recorded);
    const verdict = validate(recorded.trajectory, {
      profile: link.profile,
      model,
      state: link.robotState(),
      now: link.clock.now(),
      ...(capture ? { capture } : {}),
      ...(selfCollision ? { selfCollision } : {}),
    });
    if (!verdict.validated)
      throw (
        verdict.refusal ?? new WaybookError('internal/bug', 'A trajectory was neither validated nor refused.')
      );
    const result = await executeTrajectory(link, verdict.validated, { signal });
    const now = result.executed.joints;
    motions.push({
      cell,
      outcome: result.outcome,
      ...(result.note === undefined ? {} : { note: result.note }),
      ...(now.length === joints.length
        ? { apart: now.reduce((most, q, i) => Math.max(most, Math.abs(q - (joints[i] ?? NaN))), 0) }
        : {}),
    });
    if (result.outcome !== 'succeeded') break;
  }
  if (!simulator) return { motions };
  return { motions, verdict: await simulator.task(), finalStateHash: (await simulator.snapshot()).hash };
}

function trajectoryOf(record: RecordContents, hash: string): RecordedTrajectory {
  const found = record.trajectories.find((trajectory) => trajectory.hash === hash);
  if (found) return found;
  throw new WaybookError('input/format', `${record.name} moved along a trajectory that it does not hold.`);
}

/** What was seen before the motion was planned: the newest capture that is not later. */
function captureBefore(
  { captures }: RecordContents,
  { stamp }: RecordedTrajectory,
): Pick<Capture, 'cloud' | 'objects'> | undefined {
  const last = captures.filter((capture) => capture.stamp <= stamp).at(-1);
  return last?.cloud ? { cloud: last.cloud, objects: last.objects } : undefined;
}
