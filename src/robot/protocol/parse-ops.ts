import { WaybookError } from '../../core/errors.ts';
import { ByteParts } from './byte-parts.ts';
import { decodeCbor } from './cbor.ts';
import {
  asFields,
  asFinite,
  asInteger,
  asOptionalBoolean,
  asOptionalFinite,
  asOptionalInteger,
  asOptionalString,
  asString,
  protocolError,
} from './fields.ts';
import type { Fields } from './fields.ts';
import type { ClientOp, Compression, ServerOp } from './ops.ts';
import { readRawPublish } from './raw-publish.ts';

/** A frame's JSON or CBOR as a value. Throws `link/protocol` where it is neither. */
function parseFrame(frame: string | Uint8Array): Fields {
  if (typeof frame !== 'string') return asFields(decodeCbor(frame), 'frame');
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch (cause) {
    throw new WaybookError('link/protocol', 'A frame is not valid JSON.', { cause });
  }
  return asFields(value, 'frame');
}

/**
 * What a client asked for. Text is JSON, bytes are CBOR. Throws `link/protocol` on anything that is no operation of
 * {@link ClientOp}, naming the field.
 */
export function parseClientOp(frame: string | Uint8Array): ClientOp {
  const fields = parseFrame(frame);
  const op = asString(fields['op'], 'op');
  const id = optionalId(fields['id'], `${op}.id`);
  const head = id === undefined ? {} : { id };
  const text = (key: string) => asString(fields[key], `${op}.${key}`);
  switch (op) {
    case 'advertise':
      return { op, ...head, topic: text('topic'), type: text('type') };
    case 'unadvertise':
      return { op, ...head, topic: text('topic') };
    case 'publish':
      return { op, ...head, topic: text('topic'), msg: fields['msg'] ?? {} };
    case 'subscribe': {
      const type = asOptionalString(fields['type'], 'subscribe.type');
      return {
        op,
        ...head,
        topic: text('topic'),
        ...(type === undefined ? {} : { type }),
        throttle_rate: Math.max(0, asOptionalFinite(fields['throttle_rate'], 'subscribe.throttle_rate', 0)),
        queue_length: asOptionalInteger(fields['queue_length'] ?? undefined, 'subscribe.queue_length', 0),
        compression: compressionOf(fields['compression']),
      };
    }
    case 'unsubscribe':
      return { op, ...head, topic: text('topic') };
    case 'call_service': {
      const timeout = fields['timeout'];
      return {
        op,
        ...head,
        service: text('service'),
        args: fields['args'] ?? {},
        ...(timeout === undefined || timeout === null
          ? {}
          : { timeout: asFinite(timeout, 'call_service.timeout') }),
      };
    }
    case 'send_action_goal':
      return {
        op,
        id: requiredId(id, op),
        action: text('action'),
        action_type: asOptionalString(fields['action_type'], 'send_action_goal.action_type') ?? '',
        args: fields['args'] ?? {},
        feedback: asOptionalBoolean(fields['feedback'], 'send_action_goal.feedback', false),
      };
    case 'cancel_action_goal':
      return { op, id: requiredId(id, op), action: text('action') };
    case 'set_level':
      return { op, ...head, level: asOptionalString(fields['level'], 'set_level.level') ?? 'error' };
    default:
      throw new WaybookError('link/protocol', `Unknown operation "${op.slice(0, 40)}".`);
  }
}

/**
 * What a bridge sent; frames in parts are raw clouds as a rule, and stay in parts then. Throws `link/protocol` on anything
 * that is no operation of {@link ServerOp}.
 */
export function parseServerOp(frame: string | Uint8Array | ByteParts): ServerOp {
  if (frame instanceof ByteParts) {
    const raw = readRawPublish(frame);
    return raw ? { op: 'publish', ...raw } : parseServerOp(frame.join());
  }
  const fields = parseFrame(frame);
  const op = asString(fields['op'], 'op');
  const id = optionalId(fields['id'], `${op}.id`);
  const head = id === undefined ? {} : { id };
  const text = (key: string) => asString(fields[key], `${op}.${key}`);
  switch (op) {
    case 'publish':
      return { op, ...head, topic: text('topic'), msg: fields['msg'] };
    case 'service_response':
      return {
        op,
        ...head,
        service: asOptionalString(fields['service'], 'service_response.service') ?? '',
        values: fields['values'] ?? {},
        result: asOptionalBoolean(fields['result'], 'service_response.result', true),
      };
    case 'action_feedback':
      return { op, id: requiredId(id, op), action: text('action'), values: fields['values'] ?? {} };
    case 'action_result': {
      const status = fields['status'];
      return {
        op,
        id: requiredId(id, op),
        action: text('action'),
        values: fields['values'] ?? {},
        ...(status === undefined || status === null
          ? {}
          : { status: asInteger(status, 'action_result.status') }),
        result: asOptionalBoolean(fields['result'], 'action_result.result', true),
      };
    }
    case 'status':
      return {
        op,
        ...head,
        level: asOptionalString(fields['level'], 'status.level') ?? 'info',
        msg: asOptionalString(fields['msg'], 'status.msg') ?? '',
      };
    case 'fragment':
      return {
        op,
        id: id ?? '0',
        data: text('data'),
        num: asInteger(fields['num'], 'fragment.num'),
        total: asFinite(fields['total'], 'fragment.total'),
      };
    case 'png':
      return { op, data: text('data') };
    default:
      throw new WaybookError('link/protocol', `Unknown operation "${op.slice(0, 40)}".`);
  }
}

/** Ids are text by the protocol, but numbers (fragments carry 0) are seen on real bridges. */
function optionalId(value: unknown, path: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number') return String(value);
  return asString(value, path);
}

function requiredId(id: string | undefined, op: string): string {
  if (id === undefined) throw protocolError(`${op}.id`, 'text', undefined);
  return id;
}

function compressionOf(value: unknown): Compression {
  switch (value) {
    case undefined:
    case null:
    case '':
      return 'none';
    case 'none':
    case 'png':
    case 'cbor':
    case 'cbor-raw':
      return value;
    default:
      throw protocolError('subscribe.compression', 'none, png, cbor or cbor-raw', value);
  }
}
