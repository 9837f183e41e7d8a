import type { Scene } from '../../core/scene.ts';

/**
 * The scene with its sidecars' bytes in it, for records that no renderer can fetch from: those of untitled and read-only notebooks
 * lie in the extension's own storage. A sidecar that cannot be read stays a path, and the viewer says so.
 */
export async function withSidecars(
  scene: Scene,
  read: (path: string) => PromiseLike<Uint8Array>,
): Promise<Scene> {
  return (await inlined(scene, read)) as Scene;
}

/** Names of files in the record, and nothing that leads out of it. */
const PLAIN = /^[\w-]+(\.[\w-]+)*$/;

async function inlined(value: unknown, read: (path: string) => PromiseLike<Uint8Array>): Promise<unknown> {
  if (Array.isArray(value)) return Promise.all(value.map((item) => inlined(item, read)));
  if (typeof value !== 'object' || value === null) return value;
  const { path, ...rest } = value as Record<string, unknown>;
  if (typeof path === 'string' && PLAIN.test(path) && typeof rest['sha256'] === 'string' && 'dtype' in rest) {
    try {
      return { ...rest, base64: Buffer.from(await read(path)).toString('base64') };
    } catch {
      return value;
    }
  }
  const entries = Object.entries(value).map(async ([key, item]) => [key, await inlined(item, read)] as const);
  return Object.fromEntries(await Promise.all(entries));
}
