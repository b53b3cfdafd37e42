import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { readZipMember } from './unzip.ts';

/** A zip file as PKWARE's note describes it, without checksums, which the reader does not look at. */
function zip(members: Record<string, { text: string; method: number }>): string {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, { text, method }] of Object.entries(members)) {
    const data = method === 8 ? deflateRawSync(text) : Buffer.from(text);
    const local = Buffer.alloc(30);
    local.write('PK\x03\x04', 'latin1');
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.write('PK\x01\x02', 'latin1');
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(data.length, 20);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    locals.push(local, Buffer.from(name), data);
    directory.push(entry, Buffer.from(name));
    offset += local.length + name.length + data.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(Object.keys(members).length, 10);
  end.writeUInt32LE(offset, 16);
  const path = join(mkdtempSync(join(tmpdir(), 'unzip-')), 'a.zip');
  writeFileSync(path, Buffer.concat([...locals, ...directory, end]));
  return path;
}

describe('reading a zip file', () => {
  const path = zip({
    'a/stored.txt': { text: 'as it is', method: 0 },
    'b/deflated.txt': { text: 'squeezed '.repeat(100), method: 8 },
    'c/odd': { text: '?', method: 99 },
  });

  it('returns stored and deflated members', () => {
    expect(readZipMember(path, 'a/stored.txt').toString()).toBe('as it is');
    expect(readZipMember(path, 'b/deflated.txt').toString()).toBe('squeezed '.repeat(100));
  });

  it('names what is missing or not supported', () => {
    expect(() => readZipMember(path, 'nope')).toThrow('has no member nope');
    expect(() => readZipMember(path, 'c/odd')).toThrow('method 99');
    const text = join(mkdtempSync(join(tmpdir(), 'unzip-')), 'a.txt');
    writeFileSync(text, 'no zip');
    expect(() => readZipMember(text, 'x')).toThrow('is not a zip file');
  });
});
