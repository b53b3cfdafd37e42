/** A tree of buckets as bbolt keeps it: keys lead to bytes or to further buckets. */
export interface Bucket {
  readonly [key: string]: Buffer | Bucket;
}

const pageSize = 4096;
const headerSize = 16;
const elementSize = 16;
const flags = { leaf: 0x02, meta: 0x04, freelist: 0x10 };
const bucketElement = 1;

/** The bytes of a bbolt file (version 2) that holds `root`: one leaf page, as long as needed, for each bucket. */
export function boltFile(root: Bucket): Buffer {
  const pages: { id: number; bytes: Buffer }[] = [];
  let next = 3;
  const place = (bucket: Bucket): number => {
    const leaf = leafPage(
      Object.entries(bucket).map(([key, value]): Element => {
        const name = Buffer.from(key);
        return Buffer.isBuffer(value)
          ? { key: name, value, flags: 0 }
          : { key: name, value: bucketHeader(place(value)), flags: bucketElement };
      }),
    );
    const id = next;
    next += leaf.length / pageSize;
    leaf.writeBigUInt64LE(BigInt(id), 0);
    pages.push({ id, bytes: leaf });
    return id;
  };
  const rootPage = place(root);
  const file = Buffer.alloc(next * pageSize);
  for (const id of [0, 1]) metaPage(id, rootPage, next).copy(file, id * pageSize);
  pageHeader(2, flags.freelist, 0, 0).copy(file, 2 * pageSize);
  for (const page of pages) page.bytes.copy(file, page.id * pageSize);
  return file;
}

interface Element {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly flags: number;
}

function leafPage(elements: readonly Element[]): Buffer {
  const sorted = [...elements].sort((a, b) => Buffer.compare(a.key, b.key));
  const dataStart = headerSize + sorted.length * elementSize;
  const used = sorted.reduce((sum, { key, value }) => sum + key.length + value.length, dataStart);
  const count = Math.max(1, Math.ceil(used / pageSize));
  const page = Buffer.alloc(count * pageSize);
  pageHeader(0, flags.leaf, sorted.length, count - 1).copy(page);
  let at = dataStart;
  for (const [index, { key, value, flags: elementFlags }] of sorted.entries()) {
    const head = headerSize + index * elementSize;
    page.writeUInt32LE(elementFlags, head);
    // Counted from the element itself.
    page.writeUInt32LE(at - head, head + 4);
    page.writeUInt32LE(key.length, head + 8);
    page.writeUInt32LE(value.length, head + 12);
    at += key.copy(page, at);
    at += value.copy(page, at);
  }
  return page;
}

function pageHeader(id: number, kind: number, count: number, overflow: number): Buffer {
  const header = Buffer.alloc(headerSize);
  header.writeBigUInt64LE(BigInt(id), 0);
  header.writeUInt16LE(kind, 8);
  header.writeUInt16LE(count, 10);
  header.writeUInt32LE(overflow, 12);
  return header;
}

function bucketHeader(rootPage: number): Buffer {
  const header = Buffer.alloc(16);
  header.writeBigUInt64LE(BigInt(rootPage), 0);
  return header;
}

function metaPage(id: number, rootPage: number, pages: number): Buffer {
  const meta = Buffer.alloc(64);
  meta.writeUInt32LE(0xed0cdaed, 0);
  meta.writeUInt32LE(2, 4);
  meta.writeUInt32LE(pageSize, 8);
  meta.writeBigUInt64LE(BigInt(rootPage), 16);
  meta.writeBigUInt64LE(2n, 32);
  meta.writeBigUInt64LE(BigInt(pages), 40);
  meta.writeBigUInt64LE(BigInt(id), 48);
  meta.writeBigUInt64LE(fnv64a(meta.subarray(0, 56)), 56);
  return Buffer.concat([pageHeader(id, flags.meta, 0, 0), meta]);
}

function fnv64a(bytes: Buffer): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}
