// An arm by URL whose description names a mesh that nobody has: the simulator behind a relay that rewrites one link.
import { createServer } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { startArm } from './robot.mjs';

/** The link whose body becomes a mesh, and the mesh's name. */
export const MISSING = { link: 'link4', mesh: 'package://bench_arm/link4.stl' };

/** Resolves to the relay's URL; `stop` ends it and the simulator. */
export async function startDescribedArm() {
  const arm = await startArm();
  const server = createServer();
  const relay = new WebSocketServer({ server });
  relay.on('connection', (client, request) => {
    const target = new URL(arm.url);
    for (const [name, value] of new URL(request.url, 'ws://relay').searchParams)
      target.searchParams.set(name, value);
    const upstream = new WebSocket(target, { perMessageDeflate: false });
    const early = [];
    client.on('message', (data, isBinary) => {
      if (upstream.readyState === WebSocket.OPEN) upstream.send(data, { binary: isBinary });
      else early.push([data, isBinary]);
    });
    upstream.on('open', () => {
      for (const [data, isBinary] of early) upstream.send(data, { binary: isBinary });
    });
    upstream.on('message', (data, isBinary) => {
      client.send(isBinary ? data : rewritten(String(data)), { binary: isBinary });
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ]) {
      one.on('close', () => other.close());
      one.on('error', () => other.terminate());
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `ws://127.0.0.1:${server.address().port}${new URL(arm.url).search}`,
    stop: () => {
      relay.close();
      server.closeAllConnections();
      server.close();
      arm.stop();
    },
  };
}

function rewritten(text) {
  if (!text.includes('/robot_description') || !text.includes('<robot')) return text;
  const message = JSON.parse(text);
  if (message.op !== 'publish') return text;
  const visual = new RegExp(
    `(<link name="${MISSING.link}">(?:(?!</link>)[\\s\\S])*?<visual>(?:(?!</visual>)[\\s\\S])*?<geometry>)[\\s\\S]*?(</geometry>)`,
  );
  const data = message.msg.data.replace(visual, `$1<mesh filename="${MISSING.mesh}"/>$2`);
  if (data === message.msg.data) throw new Error(`The description has no link ${MISSING.link} with a body.`);
  return JSON.stringify({ ...message, msg: { data } });
}
