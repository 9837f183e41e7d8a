/**
 * The operations of the rosbridge v2.0 protocol that Waybook sends, serves or must understand, as discriminated unions
 * over `op`. Source: ROSBRIDGE_PROTOCOL.md of rosbridge_suite (branch ros2) and what real bridges were measured to do.
 */

export type Compression = 'none' | 'png' | 'cbor' | 'cbor-raw';

export interface AdvertiseOp {
  readonly op: 'advertise';
  readonly id?: string;
  readonly topic: string;
  readonly type: string;
}
export interface UnadvertiseOp {
  readonly op: 'unadvertise';
  readonly id?: string;
  readonly topic: string;
}
export interface PublishOp {
  readonly op: 'publish';
  readonly id?: string;
  readonly topic: string;
  readonly msg: unknown;
}
export interface SubscribeOp {
  readonly op: 'subscribe';
  readonly id?: string;
  readonly topic: string;
  readonly type?: string;
  /** least time between two messages [ms] */
  readonly throttle_rate?: number;
  readonly queue_length?: number;
  /** changes the whole connection on real bridges: never sent by Waybook */
  readonly fragment_size?: number;
  readonly compression?: Compression;
}
export interface UnsubscribeOp {
  readonly op: 'unsubscribe';
  readonly id?: string;
  readonly topic: string;
}
export interface CallServiceOp {
  readonly op: 'call_service';
  readonly id?: string;
  readonly service: string;
  readonly args?: unknown;
  /** s */
  readonly timeout?: number;
}
export interface SendActionGoalOp {
  readonly op: 'send_action_goal';
  readonly id: string;
  readonly action: string;
  readonly action_type: string;
  readonly args: unknown;
  readonly feedback?: boolean;
}
export interface CancelActionGoalOp {
  readonly op: 'cancel_action_goal';
  readonly id: string;
  readonly action: string;
}
export interface SetLevelOp {
  readonly op: 'set_level';
  readonly id?: string;
  readonly level: string;
}

/** What a client sends and a server serves. */
export type ClientOp =
  | AdvertiseOp
  | UnadvertiseOp
  | PublishOp
  | SubscribeOp
  | UnsubscribeOp
  | CallServiceOp
  | SendActionGoalOp
  | CancelActionGoalOp
  | SetLevelOp;

export interface ServiceResponseOp {
  readonly op: 'service_response';
  readonly id?: string;
  readonly service: string;
  /** the response; text that explains where `result` is false */
  readonly values: unknown;
  readonly result: boolean;
}
export interface ActionFeedbackOp {
  readonly op: 'action_feedback';
  readonly id: string;
  readonly action: string;
  readonly values: unknown;
}
export interface ActionResultOp {
  readonly op: 'action_result';
  readonly id: string;
  readonly action: string;
  /** the result; text that explains where `result` is false */
  readonly values: unknown;
  /** action_msgs/GoalStatus; older bridges leave it out */
  readonly status?: number;
  readonly result: boolean;
}
export interface StatusOp {
  readonly op: 'status';
  readonly id?: string;
  readonly level: string;
  readonly msg: string;
}
/** `num` counts from 0. Real bridges send `id: 0` and a fractional `total`, which means its ceiling. */
export interface FragmentOp {
  readonly op: 'fragment';
  readonly id: string;
  readonly data: string;
  readonly num: number;
  readonly total: number;
}
export interface PngOp {
  readonly op: 'png';
  readonly data: string;
}

/** What a bridge sends. */
export type ServerOp =
  PublishOp | ServiceResponseOp | ActionFeedbackOp | ActionResultOp | StatusOp | FragmentOp | PngOp;
