import type { Discourse } from '../../grounding/grounder.ts';
import { refusal } from '../../refusal.ts';
import type { Action } from '../action.ts';
import type { RelationChunk } from '../readings.ts';
import type { Clause } from '../syntax.ts';
import { groundGroup, type Reader, type Reading, simpleObjects, themeOf } from './reader.ts';

export function readReach(reader: Reader, clause: Clause, discourse: Discourse): Reading[] {
  const direct = clause.chunks.some((c) => c.kind === 'noun');
  const relation = clause.chunks.find(
    (c): c is RelationChunk => c.kind === 'relation' && c.reference !== undefined,
  );
  const above = clause.verb === 'hover' || relation?.relation === 'above';
  if (!direct && relation?.reference !== undefined) {
    const { reference } = relation;
    return [
      () =>
        groundGroup(reader, reference, discourse, { role: 'control' }).map((object) => ({
          kind: 'reach',
          verb: 'reach',
          object,
          above,
          text: clause.text,
        })),
    ];
  }
  return [
    () =>
      simpleObjects(reader, clause, discourse, 'control').map((object) => ({
        kind: 'reach',
        verb: 'reach',
        object,
        above: clause.verb === 'hover',
        text: clause.text,
      })),
  ];
}

export function releaseActions(reader: Reader, clause: Clause, discourse: Discourse): Action[] {
  const theme = themeOf(clause);
  if (theme !== undefined) {
    const [object] = groundGroup(reader, theme, discourse, { role: 'moved' });
    if (discourse.held !== undefined && object !== discourse.held) {
      throw refusal('contradiction', `The gripper does not hold "${theme.text}".`, { words: [theme.text] });
    }
  }
  return [{ kind: 'release', verb: 'release', text: clause.text }];
}
