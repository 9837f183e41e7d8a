/** Where a goal's news goes: the socket that sent it. Both are silent once that socket is closed. */
export interface GoalSink {
  feedback(values: unknown): void;
  /** `status` as in `GoalStatus2`; called once. */
  result(status: number, values: unknown): void;
}

/** One accepted goal of one action. */
export interface Goal {
  readonly id: string;
  /** session that sent it */
  readonly session: string;
  readonly sink: GoalSink;
}
