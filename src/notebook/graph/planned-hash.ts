import { hashText } from '../../core/hash.ts';
import { toLineFeeds } from '../file/source-lines.ts';

/** Hex digits kept: enough that an edit does not pass for the planner's own words, short enough to read in a diff. */
const DIGITS = 16;

/**
 * What `planned=` on a waypoints cell says: the start of the SHA-256 of the body as the planner wrote it. Line ends
 * and spaces at the end of the body do not count, since editors change them unasked.
 */
export const plannedHash = (body: string): string => hashText(toLineFeeds(body).trimEnd()).slice(0, DIGITS);
