// Opens a file whatever its compression: gzip and zstd are known by their first bytes, not by the name.
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, type Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';

/** The file's inflated bytes in pieces. Reading may throw: no such file, no permission, a damaged or cut-off archive. */
export async function* openContent(path: string): AsyncGenerator<Buffer> {
  const inflate = decompressorFor(await firstBytes(path, 4));
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  // The pipeline hands a fault of the file on to the inflater, whose reader below sees it.
  const content = inflate === undefined ? file : pipeline(file, inflate, () => undefined);
  for await (const piece of content) yield piece as Buffer;
}

async function firstBytes(path: string, count: number): Promise<Buffer> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0);
  return buffer.subarray(0, bytesRead);
}

function decompressorFor(magic: Buffer): Transform | undefined {
  if (magic.length >= 2 && magic.readUInt16BE(0) === 0x1f8b) return createGunzip();
  if (magic.length >= 4 && magic.readUInt32BE(0) === 0x28b52ffd) return createZstdDecompress();
  return undefined;
}
