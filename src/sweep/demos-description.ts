import { hashJson } from '../core/hash.ts';
import { type DemoOptions, shardFile, shardsOf } from '../refinement/demos/generate.ts';

/** What decides the bytes of demonstrations, wherever they are made. */
export type DemosRecipe = Omit<DemoOptions, 'out' | 'part'>;

/** Demonstrations as work for every engine: a piece is a shard. Nothing in it names a machine, a path or a scheduler. */
export interface DemosDescription {
  readonly waybookDemos: 1;
  readonly title: string;
  readonly recipe: DemosRecipe;
  /** hash of the programs that make it */
  readonly programs: string;
}

/** One shard, as every engine gets it. */
export interface ShardOrder {
  readonly kind: 'shard';
  readonly index: number;
  readonly key: string;
  /** what rows of results call it */
  readonly notebook: 'demos';
  readonly values: { readonly shard: number };
  readonly recipe: DemosRecipe;
  /** stem of the shard's file */
  readonly record: string;
}

/** The order of the `index`-th shard. */
export function shardOrderOf({ recipe, programs }: DemosDescription, index: number): ShardOrder {
  if (!(index >= 0 && index < shardsOf(recipe)))
    throw new RangeError(`There is no shard ${index} of ${shardsOf(recipe)}`);
  return {
    kind: 'shard',
    index,
    key: hashJson({ recipe, index, programs }),
    notebook: 'demos',
    values: { shard: index },
    recipe,
    record: shardFile(index).replace(/\.bin$/, ''),
  };
}
