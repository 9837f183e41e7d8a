/**
 * JSON as bridges send it: typed arrays become lists, uint8[] becomes base64, and NaN and infinities become null.
 * Undefined members are left out.
 */
export function encodeJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (member instanceof Uint8Array) return bufferOf(member).toString('base64');
    if (ArrayBuffer.isView(member))
      return Array.from(member as unknown as ArrayLike<number | bigint>, plainNumber);
    // Node's Buffer has a toJSON, which has run by now.
    if (isSerialisedBuffer(member)) return Buffer.from(member.data).toString('base64');
    return typeof member === 'bigint' ? Number(member) : member;
  });
}

const plainNumber = (item: number | bigint): number => Number(item);

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function isSerialisedBuffer(value: unknown): value is { type: 'Buffer'; data: number[] } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    value.type === 'Buffer' &&
    'data' in value &&
    Array.isArray(value.data)
  );
}
