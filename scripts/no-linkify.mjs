// Stands in for linkify-it in the extension's bundle: finding cells needs CommonMark's blocks, and no links.
export class LinkifyIt {}
