// Stands in for the table of all HTML entities in the extension's bundle (24 kB). There, markdown-it only finds blocks, and
// decodes nothing but the destinations of reference definitions: what can matter is a scheme that is spelled with entities.
const NAMED = { colon: ':', sol: '/', Tab: '\t', NewLine: '\n', amp: '&', lt: '<', gt: '>', quot: '"' };

export function decodeHTMLStrict(text) {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
  });
}
