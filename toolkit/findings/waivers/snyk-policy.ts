import * as v from 'valibot';
import { parseYaml } from '../../files/parse-yaml.ts';
import type { Waiver } from '../judged.ts';
import { readDate } from './read-date.ts';
import { refusedWaiver } from './refused-waiver.ts';

const rule = v.looseObject({
  reason: v.optional(v.string(), 'no reason given'),
  expires: v.optional(v.unknown()),
});
const policy = v.looseObject({
  ignore: v.optional(v.record(v.string(), v.array(v.record(v.string(), v.nullable(rule))))),
});

/**
 * `.snyk`: ignore rules by id, each for a path through the dependencies (`*`, `a > b > c`). The finding here is the
 * package, by whatever path it comes, so only rules for all paths are taken over; the others are Snyk's own to apply.
 */
export function readSnykPolicy(content: string, file: string): Waiver[] {
  const parsed = v.safeParse(policy, parseYaml(content) ?? {});
  if (!parsed.success) throw refusedWaiver(file, `is no Snyk policy: ${parsed.issues[0].message}`);
  return Object.entries(parsed.output.ignore ?? {}).flatMap(([id, rules]) =>
    rules.flatMap((item) =>
      Object.entries(item).flatMap(([path, details]): Waiver[] =>
        path !== '*'
          ? []
          : [
              {
                id,
                reason: details?.reason ?? 'no reason given',
                expires:
                  details?.expires === undefined ? undefined : readDate(details.expires, `${file}: ${id}`),
                origin: file,
              },
            ],
      ),
    ),
  );
}
