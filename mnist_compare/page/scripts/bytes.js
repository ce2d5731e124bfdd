// Bytes in base64, and through streams.

export function bytesOf(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

export function floatsOf(text) {
  return new Float32Array(bytesOf(text).buffer);
}

// Bytes through a stream that packs or unpacks them; more than so many are not wanted.
export async function through(bytes, stream, most) {
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
