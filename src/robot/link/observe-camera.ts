import { WaybookError } from '../../core/errors.ts';
import type { CameraIntrinsics } from '../../core/capture.ts';
import type { Pose } from '../../core/geometry.ts';
import type { PointCloud } from '../../core/point-cloud.ts';
import type { CameraTopics } from '../../core/robot-profile.ts';
import { asRawMessage } from '../protocol/cbor.ts';
import { CloudDecoder } from '../protocol/cloud-decoder.ts';
import { parsePointCloud2 } from '../protocol/point-cloud2.ts';
import type { ReceivedCloud } from '../protocol/point-cloud2.ts';
import { readRawPointCloud2 } from '../protocol/raw-point-cloud2.ts';
import { secondsOf } from '../protocol/ros-time.ts';
import type { RosFlavour } from '../protocol/ros-time.ts';
import { parseCameraInfo, parseCompressedImage } from '../protocol/sensor-messages.ts';
import type { CameraFrame } from '../robot-link.ts';
import { decodeInTurns } from './decode-in-turns.ts';
import type { LinkSession } from './link-session.ts';
import { LockStepClock } from './lock-step-clock.ts';

/** A topic that says nothing for this long is taken to be silent [s of robot time]. */
const SILENT_AFTER = 3;
/** How long the transform or picture of a cloud may lag behind it [s of robot time]. */
const COMPANION_WAIT = 0.5;

/** A cloud in any of the encodings that bridges deliver, its points not yet read. Throws `link/protocol`. */
export function receivedCloud(msg: unknown, flavour: RosFlavour): ReceivedCloud {
  const raw = asRawMessage(msg);
  return raw ? readRawPointCloud2(raw.bytes, flavour) : parsePointCloud2(msg);
}

/**
 * The first frame measured after this call, with the camera's pose and the robot's state at its stamp. Subscribes on
 * the data socket for just as long; frames that were measured before are dropped unread. Throws `input/reference` for a
 * camera that the profile has not, `link/timeout` where nothing comes, with the usual reasons.
 */
export async function observeCamera(
  session: LinkSession,
  camera: string,
  signal: AbortSignal,
  options: { image?: boolean } = {},
): Promise<CameraFrame> {
  const { profile, clock, data } = session;
  const topics = profile.topics.cameras[camera];
  if (!topics) throw unknownCamera(camera, Object.keys(profile.topics.cameras));
  const { flavour } = session.found;
  const after = session.newestStamp();
  // Known at once, read in turns: in lock-step the time that passes must not depend on how long reading takes.
  let arrived: Promise<PointCloud> | undefined;
  let intrinsics: CameraIntrinsics | undefined;
  let image: Uint8Array | undefined;
  let stale = 0;
  const compression = rawCloudsRefused.has(session) ? 'cbor' : 'cbor-raw';
  const unsubscribe = [
    data.subscribe(
      topics.points,
      { type: session.type('sensor_msgs/msg/PointCloud2'), compression },
      (msg) => {
        if (arrived) return;
        const message = receivedCloud(msg, flavour);
        // Clouds queue up for seconds on slow links: what is old is not worth reading.
        if (secondsOf(message.header.stamp) > after) arrived = decodeInTurns(new CloudDecoder(message));
        else stale++;
      },
    ),
    data.subscribe('/tf', { type: session.type('tf2_msgs/msg/TFMessage') }, (msg) =>
      session.tf.add(msg, false),
    ),
  ];
  if (topics.info !== undefined) {
    unsubscribe.push(
      data.subscribe(topics.info, { type: session.type('sensor_msgs/msg/CameraInfo') }, (msg) => {
        intrinsics = parseCameraInfo(msg).intrinsics;
      }),
    );
  }
  if (topics.image !== undefined && options.image !== false) {
    const type = session.type('sensor_msgs/msg/CompressedImage');
    unsubscribe.push(
      data.subscribe(topics.image, { type, compression: 'cbor' }, (msg) => {
        const picture = parseCompressedImage(msg);
        if (secondsOf(picture.header.stamp) > after) image = picture.data.slice();
      }),
    );
  }
  if (clock instanceof LockStepClock) unsubscribe.push(clock.awaitData());
  try {
    await data.roundTrip({ signal });
    const came = await clock.until(() => arrived !== undefined, SILENT_AFTER, signal);
    if (!came || !arrived) throw silent(topics, camera, stale, compression);
    const cloud = await arrived;
    const { stamp, frame } = cloud;
    let cameraPose: Pose | undefined = topics.extrinsics;
    const complete = (): boolean => {
      cameraPose ??= session.tf.lookup(profile.frames.base, frame, stamp);
      const pictured = topics.image === undefined || options.image === false || image !== undefined;
      const newest = session.joints.latest;
      return cameraPose !== undefined && pictured && newest !== undefined && newest.stamp >= stamp;
    };
    await clock.until(complete, COMPANION_WAIT, signal);
    if (!cameraPose) throw noTransform(profile.frames.base, frame, camera);
    return {
      camera,
      cloud,
      cameraPose,
      ...(intrinsics ? { intrinsics } : {}),
      ...(image ? { image } : {}),
      robot: session.joints.at(stamp),
    };
  } catch (error) {
    if (
      error instanceof WaybookError &&
      error.code === 'link/timeout' &&
      compression === 'cbor-raw' &&
      !arrived
    ) {
      rawCloudsRefused.add(session);
    }
    throw error;
  } finally {
    for (const stop of unsubscribe) stop();
  }
}

/** Sessions whose bridge delivered nothing as cbor-raw: the next try asks for cbor. */
const rawCloudsRefused = new WeakSet<LinkSession>();

function unknownCamera(camera: string, known: readonly string[]): WaybookError {
  return new WaybookError('input/reference', `There is no camera "${camera}".`, {
    hint:
      known.length > 0
        ? `The robot’s profile has: ${known.join(', ')}.`
        : 'The robot’s profile names no camera.',
    data: { candidates: [...known] },
  });
}

function silent(topics: CameraTopics, camera: string, stale: number, compression: string): WaybookError {
  const old = stale > 0 ? ` ${stale} older frames came: the link lags.` : '';
  return new WaybookError(
    'link/timeout',
    `No data for ${SILENT_AFTER} s from camera "${camera}" (${topics.points}).${old}`,
    {
      hint:
        'Usual reasons: nothing publishes there; frames exceed the bridge’s max_message_size; ' +
        'the publisher’s QoS does not match; the bridge does not serve this encoding.' +
        (compression === 'cbor-raw' ? ' The next try asks for cbor instead of cbor-raw.' : ''),
    },
  );
}

function noTransform(base: string, frame: string, camera: string): WaybookError {
  return new WaybookError(
    'link/fault',
    `Where camera "${camera}" stands is unknown: no transform from "${base}" to "${frame}".`,
    {
      hint: 'Publish it on /tf or /tf_static, or give "extrinsics" in the robot’s profile.',
    },
  );
}
