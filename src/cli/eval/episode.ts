/** What an episode of an evaluation came to. */
export interface EpisodeResult {
  readonly task: string;
  readonly seed: number;
  readonly success: boolean;
  /** verdict, or what went wrong before there was one */
  readonly reason: string;
  /** code of the failure, where the run failed before the task could */
  readonly code?: string;
  readonly trajectoryHash?: string;
  readonly finalStateHash?: string;
  readonly metrics: Readonly<Record<string, number>>;
}
