/** In place of `cross-fetch`: what reads files here is given their bytes. */
export default function noFetch() {
  throw new Error('This build fetches nothing.');
}
