import { type DemosDescription, shardOrderOf, type ShardOrder } from './demos-description.ts';
import { orderOf, type RunOrder, type SweepDescription } from './description.ts';

/** What engines, workers and the driver on a cluster are given: runs of notebooks, or shards of demonstrations. */
export type WorkDescription = SweepDescription | DemosDescription;
export type WorkOrder = RunOrder | ShardOrder;

/** The `index`-th piece of some work. Throws as `orderOf` and `shardOrderOf` do. */
export const workOrderOf = (description: WorkDescription, index: number): WorkOrder =>
  'waybookDemos' in description ? shardOrderOf(description, index) : orderOf(description, index);
