/** Version of Waybook, from its manifest: part of provenance. */
export { version } from '../../package.json';
