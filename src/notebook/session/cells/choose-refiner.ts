import type { Capture } from '../../../core/capture.ts';
import { WaybookError } from '../../../core/errors.ts';
import type { Refiner, RefinerId } from '../../../refinement/refiner.ts';
import { splineRefiner } from '../../../refinement/spline.ts';
import { parseWaypointsBody } from '../../file/cell-bodies.ts';
import type { NotebookCell } from '../../file/document.ts';
import type { CellContext } from '../cell-context.ts';

/** Which refiner took the place of the default one, and why. */
export interface InsteadOf {
  readonly of: RefinerId;
  /** the end of a sentence */
  readonly why: string;
}

export interface ChosenRefiner {
  readonly refiner: Refiner;
  /** absent where it is the one that was asked for, or the default */
  readonly instead?: InsteadOf;
}

interface Chooser extends Pick<CellContext, 'options' | 'params' | 'document' | 'signal'> {
  readonly services: Pick<CellContext['services'], 'refiner' | 'defaultRefiner'>;
}

/**
 * The refiner of a waypoints cell. One that an option, the cell or the notebook names is used or fails. Where nobody names
 * one, the default is used, or `spline` where the default cannot be: without a capture, or on an installation that cannot run
 * it; then the result says so. A default that abstains or breaks down later is not replaced.
 */
export async function chooseRefiner(
  context: Chooser,
  cell: NotebookCell,
  capture: Capture | undefined,
): Promise<ChosenRefiner> {
  const { services } = context;
  const named =
    context.options.refiner ??
    parseWaypointsBody(cell, context.params).refiner ??
    context.document.frontMatter.refiner;
  if (named !== undefined) return { refiner: services.refiner(named) };
  const of = services.defaultRefiner;
  const without = (why: string): ChosenRefiner => ({ refiner: splineRefiner, instead: { of, why } });
  if (of !== 'spline' && !capture) return without('the cell looks at no capture');
  try {
    const refiner = services.refiner(of);
    await refiner.ready?.(context.signal);
    return { refiner };
  } catch (error) {
    if (error instanceof WaybookError && (error.code === 'input/refiner' || error.code === 'input/file')) {
      return without(error.message.replace(/\.$/, ''));
    }
    throw error;
  }
}

/** `expert`, or `spline instead of expert: why`. */
export const refinerText = (id: RefinerId, instead: InsteadOf | undefined): string =>
  instead ? `${id} instead of ${instead.of}: ${instead.why}` : id;
