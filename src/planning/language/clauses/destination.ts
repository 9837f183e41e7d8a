import type { Discourse, GroundOptions } from '../../grounding/grounder.ts';
import { refusalReason } from '../../refusal.ts';
import { borrowHead } from '../noun-group.ts';
import { narrowWith, nest } from '../readings.ts';
import type { Modifier, NounGroup } from '../syntax.ts';
import { isSolid } from './place-action.ts';
import { groundGroup, type Reader, tryGround } from './reader.ts';

/** Ids of where things go; what is moved itself is never meant. Further phrases describe it, or one another. */
export function destinationIds(
  reader: Reader,
  discourse: Discourse,
  theme: NounGroup,
  reference: NounGroup,
  after: readonly Modifier[],
  inside = false,
): string[] {
  const single = theme.items.length === 1 && theme.items[0]?.quantity.kind === 'one';
  const moved = single ? tryGround(reader, theme, discourse) : [];
  const options: GroundOptions = {
    role: 'container',
    exclude: moved,
    ...(moved[0] === undefined ? {} : { theme: moved[0] }),
  };
  const variants = [narrowWith(borrowHead(reference, theme), after), narrowWith(reference, after)];
  if (after.length > 1) variants.push(nest(reference, after));
  let failure: unknown;
  const solids = inside
    ? reader.grounder.features.map((f) => f.object.id).filter((id) => isSolid(reader, id))
    : [];
  for (const [i, variant] of variants.entries()) {
    try {
      const without = i === 0 ? options : { ...options, exclude: [...moved, ...solids] };
      const ids = groundGroup(reader, variant, discourse, without);
      // "into the blue one", after cubes: nothing goes into a cube, so another reading of "one" may fit
      const solid =
        inside && variant !== variants[variants.length - 1] && ids.some((id) => isSolid(reader, id));
      if (!solid) return ids;
    } catch (error) {
      if (refusalReason(error) === 'ambiguous') throw error;
      failure ??= error;
    }
  }
  throw failure;
}
