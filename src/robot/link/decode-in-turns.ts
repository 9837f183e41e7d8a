import type { PointCloud } from '../../core/point-cloud.ts';
import type { CloudDecoder } from '../protocol/cloud-decoder.ts';

/** Points between two looks at the sockets: a tenth of a millisecond. */
const TURN = 32_768;

/** The decoder's cloud, read so that whatever else the sockets bring is answered in between. */
export async function decodeInTurns(decoder: CloudDecoder): Promise<PointCloud> {
  while (!decoder.advance(TURN)) await new Promise((resolve) => setImmediate(resolve));
  return decoder.finish();
}
