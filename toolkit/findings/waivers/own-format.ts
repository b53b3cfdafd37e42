import * as v from 'valibot';
import { parseYaml } from '../../files/parse-yaml.ts';
import type { Waiver } from '../judged.ts';
import { barePurl } from '../merge-vulnerabilities.ts';
import { readDate } from './read-date.ts';
import { refusedWaiver } from './refused-waiver.ts';

const text = v.pipe(v.string(), v.trim(), v.nonEmpty());

const entry = v.strictObject({
  id: text,
  purl: v.optional(v.pipe(text, v.startsWith('pkg:'))),
  path: v.optional(text),
  reason: text,
  expires: v.unknown(),
  'approved-by': v.optional(text),
});

/** The project's own file: a list of waivers, or an object that holds it under `waivers`. */
export function readOwnFormat(content: string, file: string): Waiver[] {
  const list = readList(content, file);
  return list.map((item, index) => {
    const where = `${file}: waiver ${index + 1}`;
    const parsed = v.safeParse(entry, item);
    if (!parsed.success) {
      const [issue] = parsed.issues;
      const at = issue.path?.map((step) => String(step.key)).join('.') ?? '';
      throw refusedWaiver(where, `${at === '' ? 'is wrong' : `has a wrong '${at}'`}: ${issue.message}`);
    }
    const { id, purl, path, reason, expires, 'approved-by': approvedBy } = parsed.output;
    if (expires === undefined) throw refusedWaiver(where, `(${id}) has no 'expires'`);
    return {
      id,
      purl: purl === undefined ? undefined : barePurl(purl),
      path,
      reason,
      expires: readDate(expires, `${where} (${id})`),
      approvedBy,
      origin: file,
    };
  });
}

function readList(content: string, file: string): readonly unknown[] {
  const data = parseYaml(content);
  if (data === null || data === undefined) return [];
  const list = isObject(data) && Object.keys(data).join() === 'waivers' ? data.waivers : data;
  if (!Array.isArray(list)) throw refusedWaiver(file, 'is not a list of waivers');
  return list as readonly unknown[];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
