import type { Direction, Side, SizeSense } from './lexicon.ts';
import type { VerbSense } from './verbs.ts';

/** Where a piece of syntax stands in the instruction (character offsets), and its words as written. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** How one thing lies with respect to another. */
export type Relation =
  | 'on'
  | 'in'
  | 'under'
  | 'above'
  | 'next-to'
  | 'left-of'
  | 'right-of'
  | 'in-front-of'
  | 'behind'
  | 'between'
  | 'middle-of'
  | 'to'
  | 'at'
  | 'from'
  | 'of'
  | 'with'
  | 'around';

/** A place of the table that needs no object: "the back left corner", "on the right". */
export interface Place {
  readonly sides: readonly Side[];
  readonly corner: boolean;
  /** "to the left": where it goes rather than where it is */
  readonly goal: boolean;
  /** a side, corner, edge or the table was named, so that it cannot mean a direction */
  readonly explicit: boolean;
}

/** What follows or precedes a noun and narrows it. */
export type Modifier =
  | (Span & {
      readonly kind: 'relation';
      readonly relation: Relation;
      readonly reference: NounGroup;
      readonly negated: boolean;
    })
  | (Span & { readonly kind: 'place'; readonly place: Place; readonly negated: boolean })
  | (Span & { readonly kind: 'word'; readonly word: string; readonly negated: boolean })
  | (Span & { readonly kind: 'size'; readonly sense: SizeSense })
  | (Span & {
      readonly kind: 'extreme';
      readonly want: 'nearest' | 'farthest';
      readonly reference?: NounGroup;
    })
  | (Span & { readonly kind: 'rank'; readonly rank: number; readonly from?: Side })
  | (Span & { readonly kind: 'state'; readonly word: string })
  | (Span & { readonly kind: 'matching' });

export type Quantity =
  { readonly kind: 'one' } | { readonly kind: 'all' } | { readonly kind: 'count'; readonly count: number };

export type Pronoun = 'it' | 'them' | 'there' | 'each-other';

/** One noun phrase. `head` is the dictionary form of its noun, absent in "the red one" and "the left". */
export interface NounPhrase extends Span {
  readonly definite: boolean;
  readonly quantity: Quantity;
  readonly pronoun?: Pronoun;
  readonly head?: string;
  readonly modifiers: readonly Modifier[];
  readonly except: readonly NounPhrase[];
  /** "the other cube" */
  readonly other: boolean;
  /** "it" of an earlier clause is meant by a noun too: "the same cube" */
  readonly same: boolean;
}

/** Noun phrases joined by "and" or "or". */
export interface NounGroup extends Span {
  readonly items: readonly NounPhrase[];
  readonly joint: 'and' | 'or';
}

/** A piece of a clause after its verb. */
export type Chunk =
  | (Span & { readonly kind: 'noun'; readonly group: NounGroup })
  | (Span & {
      readonly kind: 'relation';
      readonly relation: Relation;
      readonly goal: boolean;
      readonly reference?: NounGroup;
    })
  | (Span & { readonly kind: 'place'; readonly place: Place })
  | (Span & { readonly kind: 'direction'; readonly direction: Direction })
  | (Span & { readonly kind: 'measure'; readonly measure: Measure })
  | (Span & { readonly kind: 'particle'; readonly word: string })
  | (Span & { readonly kind: 'turn'; readonly sense: 'clockwise' | 'anticlockwise' })
  | (Span & { readonly kind: 'by-colour' })
  | (Span & { readonly kind: 'respectively' });

export type Measure =
  { readonly kind: 'length'; readonly metres: number } | { readonly kind: 'angle'; readonly radians: number };

/** A verb and what came with it. */
export interface Clause extends Span {
  readonly sense: VerbSense;
  /** the verb as written */
  readonly verb: string;
  readonly verbSpan: Span;
  readonly chunks: readonly Chunk[];
  /** "press the button to turn on the lamp": what it is for */
  readonly purpose?: Clause;
  /** "turn on the lamp by pressing the button": how */
  readonly means?: Clause;
}
