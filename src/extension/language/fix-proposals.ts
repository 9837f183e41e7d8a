import type { SessionFailure } from '../../notebook/session/session-api.ts';
import { formatPosition, locateWaypoints } from './waypoint-locations.ts';

/** A replacement in a waypoints cell's text that answers a refusal. */
export interface FixProposal {
  readonly kind: 'raise' | 'reach';
  readonly title: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Raised a little above what is missing, so that rounding to a tenth of a millimetre does not refuse it again. */
const MARGIN = 0.001;

/**
 * What can be changed in the text so that a refused motion passes: clearance by raising the waypoint by what is
 * missing, reach by the nearest position that the validator named (`data.nearest`).
 */
export function fixesFor(text: string, failure: SessionFailure): FixProposal[] {
  const { place, limit, data } = failure.details;
  if (place?.waypoint === undefined) return [];
  const position = locateWaypoints(text)[place.waypoint]?.position;
  if (!position) return [];
  const { start, end, value } = position;
  const fixes: FixProposal[] = [];
  if (limit && /clearance/i.test(limit.name) && limit.unit.startsWith('m')) {
    const scale = limit.unit === 'mm' ? 0.001 : 1;
    const missing = (limit.limit - limit.value) * scale;
    if (missing > 0) {
      const raised = missing + MARGIN;
      fixes.push({
        kind: 'raise',
        title: `Raise to Clearance (+${Math.ceil(raised * 1000)} mm)`,
        start,
        end,
        text: formatPosition([value[0], value[1], value[2] + Math.ceil(raised * 1000) / 1000]),
      });
    }
  }
  const nearest = data?.['nearest'];
  if (
    Array.isArray(nearest) &&
    nearest.length === 3 &&
    nearest.every((v) => typeof v === 'number' && Number.isFinite(v))
  ) {
    fixes.push({
      kind: 'reach',
      title: 'Snap to Reach',
      start,
      end,
      text: formatPosition(nearest as number[]),
    });
  }
  return fixes;
}
