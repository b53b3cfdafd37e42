import * as v from 'valibot';
import { parseYaml } from '../../files/parse-yaml.ts';
import type { Waiver } from '../judged.ts';
import { barePurl } from '../merge-vulnerabilities.ts';
import { readDate } from './read-date.ts';
import { refusedWaiver } from './refused-waiver.ts';

/** `.trivyignore`: an id per line, `exp:YYYY-MM-DD` behind it, a comment above it says why. */
export function readTrivyIgnore(content: string, file: string): Waiver[] {
  let comment: string[] = [];
  return content.split(/\r?\n/).flatMap((raw, index): Waiver[] => {
    const line = raw.trim();
    if (line === '') comment = [];
    if (line.startsWith('#')) comment.push(line.replace(/^#+\s*/, ''));
    if (line === '' || line.startsWith('#')) return [];
    const [id = '', ...rest] = line.replace(/\s#.*$/, '').split(/\s+/);
    const where = `${file}:${index + 1}`;
    const dates = rest.flatMap((word) => (word.startsWith('exp:') ? [word.slice(4)] : []));
    const strange = rest.find((word) => !word.startsWith('exp:'));
    if (strange !== undefined) throw refusedWaiver(where, `has '${strange}', expected exp:YYYY-MM-DD`);
    const reason = comment.join(' ');
    return [
      {
        id,
        reason: reason === '' ? 'no reason given' : reason,
        expires: dates[0] === undefined ? undefined : readDate(dates[0], where),
        origin: file,
      },
    ];
  });
}

const entry = v.looseObject({
  id: v.string(),
  paths: v.optional(v.array(v.string()), []),
  purls: v.optional(v.array(v.string()), []),
  statement: v.optional(v.string(), 'no reason given'),
  expired_at: v.optional(v.unknown()),
});

const kinds = ['vulnerabilities', 'misconfigurations', 'secrets', 'licenses'] as const;
const ignoreFile = v.looseObject(v.entriesFromList(kinds, v.optional(v.array(entry), [])));

/** `.trivyignore.yaml`: lists by kind; several paths or packages of an entry are alternatives. */
export function readTrivyIgnoreYaml(content: string, file: string): Waiver[] {
  const parsed = v.safeParse(ignoreFile, parseYaml(content) ?? {});
  if (!parsed.success)
    throw refusedWaiver(file, `is no list of what Trivy ignores: ${parsed.issues[0].message}`);
  return kinds.flatMap((kind) =>
    parsed.output[kind].flatMap((item): Waiver[] => {
      const common = {
        id: item.id,
        reason: item.statement,
        expires: item.expired_at === undefined ? undefined : readDate(item.expired_at, `${file}: ${item.id}`),
        origin: file,
      };
      const paths = item.paths.length === 0 ? [undefined] : item.paths;
      const purls = item.purls.length === 0 ? [undefined] : item.purls.map(barePurl);
      return paths.flatMap((path) => purls.map((purl) => ({ ...common, path, purl })));
    }),
  );
}
