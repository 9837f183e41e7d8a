import { decode as decodeCbor2 } from 'cbor2';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WaybookError } from '../../core/errors.ts';
import { asRawMessage, cborRawHead, decodeCbor, encodeCbor } from './cbor.ts';
import { closureOf, knownTypes, membersOf, rawDefinition } from './definitions.ts';
import { detectionsMessage, parseDetections } from './detection-messages.ts';
import { encodeJson } from './encode-json.ts';
import { parseTf, tfMessage } from './geometry-messages.ts';
import { goalPhase1, goalPhase2 } from './goal-status.ts';
import { parseGripperGoal, parseGripperState } from './gripper-messages.ts';
import { parseClientOp, parseServerOp } from './parse-ops.ts';
import { readRawMessage, writeRawMessage } from './raw-messages.ts';
import { inFlavour, parseTime, rosTime, sameType, secondsOf } from './ros-time.ts';
import { cameraInfoMessage, parseCameraInfo, parseJointState } from './sensor-messages.ts';
import { parseTrajectoryGoal, trajectoryGoal } from './trajectory-messages.ts';

describe('operations', () => {
  it('are read from the frames that roslib puts on the wire', () => {
    expect(
      parseClientOp(
        '{"op":"subscribe","id":"subscribe:/a:1","type":"sensor_msgs/JointState","topic":"/a","compression":"cbor","throttle_rate":100,"queue_length":1}',
      ),
    ).toEqual({
      op: 'subscribe',
      id: 'subscribe:/a:1',
      type: 'sensor_msgs/JointState',
      topic: '/a',
      compression: 'cbor',
      throttle_rate: 100,
      queue_length: 1,
    });
    expect(
      parseClientOp(
        '{"op":"send_action_goal","id":"g1","action":"/arm","action_type":"t","args":{"a":[null]},"feedback":true}',
      ),
    ).toEqual({
      op: 'send_action_goal',
      id: 'g1',
      action: '/arm',
      action_type: 't',
      args: { a: [null] },
      feedback: true,
    });
  });

  it('of bridges are read with their oddities', () => {
    expect(parseServerOp('{"op":"fragment","id":0,"data":"x","num":3,"total":68.56945}')).toMatchObject({
      id: '0',
      total: 68.56945,
    });
    expect(
      parseServerOp('{"op":"action_result","id":"g","action":"/a","values":"no","result":false}'),
    ).toMatchObject({ values: 'no', result: false });
  });

  it.each([
    ['{"op":"subscribe"}', /subscribe.topic: expected text, found nothing/],
    ['{"op":"shout"}', /Unknown operation "shout"/],
    ['{"op":7}', /op: expected text, found 7/],
    ['[]', /frame: expected an object/],
    ['{', /not valid JSON/],
    ['{"op":"subscribe","topic":"/a","compression":"zip"}', /none, png, cbor or cbor-raw/],
    ['{"op":"cancel_action_goal","action":"/a"}', /cancel_action_goal.id/],
  ])('%s is refused', (frame, message) => {
    expect(() => parseClientOp(frame)).toThrow(message);
  });

  it('never fail otherwise than with a typed error, whatever bytes arrive', () => {
    const typed = (read: () => unknown) => {
      try {
        read();
      } catch (error) {
        if (!(error instanceof WaybookError)) throw error;
        expect(error.code).toBe('link/protocol');
      }
    };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        typed(() => parseServerOp(bytes));
        typed(() => parseClientOp(bytes));
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.json(), (text) => typed(() => parseServerOp(text))),
      { numRuns: 500 },
    );
  });
});

describe('encodings', () => {
  it('JSON has base64 for bytes, lists for arrays and null for what is no number', () => {
    expect(
      encodeJson({
        a: Uint8Array.of(1, 2, 3),
        b: Float64Array.of(1.5, Number.NaN, Infinity),
        c: Buffer.from('hi'),
        d: 5n,
      }),
    ).toBe('{"a":"AQID","b":[1.5,null,null],"c":"aGk=","d":5}');
  });

  it('CBOR tags arrays as RFC 8746 does, so that another library reads them', () => {
    const message = { position: Float64Array.of(1.5, -2), data: Uint8Array.of(1, 2), name: ['a'], n: 7 };
    const bytes = encodeCbor(message);
    expect(Buffer.from(bytes).toString('hex')).toBe(
      'a4' +
        '68706f736974696f6e' +
        'd85650' +
        '000000000000f83f' +
        '00000000000000c0' +
        '6464617461' +
        '420102' +
        '646e616d65' +
        '816161' +
        '616e' +
        '07',
    );
    expect(decodeCbor2(new Uint8Array(bytes))).toEqual(message);
    expect(decodeCbor(new Uint8Array(bytes))).toEqual(message);
  });

  it('the head of a raw publish is CBOR with the body behind it', () => {
    const head = cborRawHead('/front/points', 12, 250_000_000, 3);
    const frame = Buffer.concat([head, Uint8Array.of(7, 8, 9)]);
    const op = parseServerOp(frame);
    expect(op).toMatchObject({ op: 'publish', topic: '/front/points' });
    expect(op.op === 'publish' && asRawMessage(op.msg)).toMatchObject({
      secs: 12,
      nsecs: 250_000_000,
      bytes: Buffer.from([7, 8, 9]),
    });
  });

  it('the head of a raw publish puts a place of the body on a multiple of four, whatever the topic', () => {
    for (let length = 1; length < 9; length++) {
      for (let aligned = 0; aligned < 8; aligned++) {
        const topic = `/${'t'.repeat(length)}`;
        const head = cborRawHead(topic, 1, 2, 12, aligned);
        expect((head.length + aligned) % 4).toBe(0);
        const frame = Buffer.concat([head, Buffer.alloc(12, 9)]);
        const expected = { op: 'publish', topic, msg: { secs: 1, nsecs: 2, bytes: Buffer.alloc(12, 9) } };
        expect(parseServerOp(frame)).toEqual(expected);
        expect(decodeCbor2(new Uint8Array(frame))).toEqual({
          ...expected,
          msg: { ...expected.msg, bytes: new Uint8Array(12).fill(9) },
        });
      }
    }
  });

  it('CDR of each known message comes back', () => {
    const state = parseJointState({
      header: { stamp: { sec: 3, nanosec: 5 }, frame_id: 'base' },
      name: ['a', 'b'],
      position: [1, 2],
    });
    expect(
      parseJointState(
        readRawMessage('sensor_msgs/JointState', writeRawMessage('sensor_msgs/msg/JointState', state)),
      ),
    ).toEqual(state);
    for (const type of knownTypes()) {
      // A default message: what the writer fills in for an empty one.
      expect(() => readRawMessage(type, writeRawMessage(type, {})), type).not.toThrow();
    }
  });
});

describe('definitions', () => {
  it('name every part of every type, and constants have no place in messages', () => {
    for (const type of knownTypes()) {
      for (const member of membersOf(type) ?? [])
        if (!member.primitive) expect(knownTypes()).toContain(member.type);
    }
    expect(closureOf('tf2_msgs/TFMessage')).toContain('geometry_msgs/msg/Quaternion');
    expect(rawDefinition('std_msgs/msg/Header')).toBe(
      `builtin_interfaces/Time stamp\nstring frame_id\n${'='.repeat(80)}\nMSG: builtin_interfaces/Time\nint32 sec\nuint32 nanosec\n`,
    );
    expect(
      membersOf('sensor_msgs/PointField')
        ?.filter((m) => m.constant === undefined)
        .map((m) => m.name),
    ).toEqual(['name', 'offset', 'datatype', 'count']);
  });
});

describe('times and states', () => {
  it('are written in the form of the flavour, and read in either', () => {
    expect(inFlavour({ header: { stamp: rosTime(1.5) }, d: Float64Array.of(1) }, 'ros1')).toEqual({
      header: { stamp: { secs: 1, nsecs: 500_000_000 } },
      d: Float64Array.of(1),
    });
    expect(parseTime({ secs: 1, nsecs: 2 }, 't')).toEqual({ sec: 1, nanosec: 2 });
    expect(sameType('sensor_msgs/msg/JointState', 'sensor_msgs/JointState')).toBe(true);
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        (t) => Math.abs(secondsOf(rosTime(t)) - t) < 2e-9,
      ),
    );
  });

  it('a status of 4 means success in ROS 2 and an abort in ROS 1', () => {
    expect([goalPhase2(4), goalPhase1(4), goalPhase2(5), goalPhase1(2), goalPhase2(77)]).toEqual([
      'succeeded',
      'aborted',
      'cancelled',
      'cancelled',
      'unknown',
    ]);
  });
});

describe('messages', () => {
  it('joint states want arrays as long as their names; null is NaN', () => {
    expect(parseJointState({ name: ['a'], position: [null] }).position[0]).toBeNaN();
    expect(() => parseJointState({ name: ['a', 'b'], position: [1] })).toThrow(
      /joint_state.position: expected 2 numbers/,
    );
  });

  it('a trajectory goal comes back through JSON', () => {
    const goal = trajectoryGoal(
      {
        jointNames: ['a', 'b'],
        times: [0, 0.5],
        joints: Float64Array.of(1, 2, 3, 4),
        velocities: Float64Array.of(0, 0, 0, 0),
      },
      { goalTime: 1 },
    );
    expect(parseTrajectoryGoal(JSON.parse(encodeJson(goal)))).toEqual(goal);
  });

  it('frames, cameras, detections and grippers come back through JSON', () => {
    const through = (message: unknown): unknown => JSON.parse(encodeJson(message));
    const edge = {
      stamp: rosTime(1),
      parent: 'base',
      child: 'cam',
      pose: { position: [1, 2, 3], orientation: [0, 0, 0, 1] },
    } as const;
    expect(parseTf(through(tfMessage([edge])))).toEqual([edge]);
    const intrinsics = { width: 160, height: 120, fx: 150, fy: 151, cx: 79.5, cy: 59.5 };
    const header = { stamp: rosTime(1), frame_id: 'cam' };
    expect(parseCameraInfo(through(cameraInfoMessage(header, intrinsics)))).toEqual({ header, intrinsics });
    const thing = {
      id: 'cube1',
      label: 'red cube',
      score: 1,
      pose: edge.pose,
      size: [0.04, 0.04, 0.04],
    } as const;
    expect(parseDetections(through(detectionsMessage(header, [thing])))).toEqual({
      header,
      detections: [thing],
    });
    expect(
      parseGripperState({ state: { name: ['f'], position: [0.02] }, stalled: true, reached_goal: false }),
    ).toMatchObject({ position: 0.02, stalled: true });
    expect(() => parseGripperGoal({ command: { position: null } })).toThrow(/finite/);
  });
});
