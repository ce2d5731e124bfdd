// Bytes in base64, and through streams.

export const bytesOf = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
export const floatsOf = (text) => new Float32Array(bytesOf(text).buffer);

// The two numbers of four bits in each byte, the higher one first.
export function halvesOf(bytes) {
  const halves = new Uint8Array(2 * bytes.length);
  for (let at = 0; at < halves.length; at++) halves[at] = at % 2 ? bytes[at >> 1] & 15 : bytes[at >> 1] >> 4;
  return halves;
}

// Bytes through a stream that packs or unpacks them; more than so many are not wanted.
export async function through(bytes, stream, most = Infinity) {
  const parts = [];
  let length = 0;
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      await reader.cancel();
      throw new RangeError("more than was told");
    }
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
