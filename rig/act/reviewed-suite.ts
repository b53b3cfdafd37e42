import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMap, isSeq, parseDocument } from 'yaml';

const script = 'printf "::error::%s was rejected by its reviewers\\n" "$REVIEWED"; exit 1';

/** A workflow whose jobs of a rejected environment fail before their first step, as on GitHub; act asks nobody. */
export function rejectEnvironments(text: string, rejected: readonly string[]): string {
  const document = parseDocument(text);
  const jobs = document.get('jobs');
  if (!isMap(jobs)) return text;
  for (const { value: job } of jobs.items) {
    if (!isMap(job)) continue;
    const environment = job.get('environment');
    const name: unknown = isMap(environment) ? environment.get('name') : environment;
    const steps = job.get('steps');
    if (typeof name !== 'string' || !isSeq(steps)) continue;
    const given = name.replaceAll(/^\$\{\{|\}\}$/g, '').trim();
    const value = name.startsWith('${{') ? given : `'${name}'`;
    const step = {
      name: 'Review',
      if: `contains(fromJSON('${JSON.stringify(rejected)}'), ${value})`,
      env: { REVIEWED: name },
      run: script,
    };
    steps.items.unshift(document.createNode(step));
  }
  return document.toString({ lineWidth: 0 });
}

/** Copies a suite into `into`; there the reviewers of these environments say no. */
export async function rejectingSuite(
  path: string,
  into: string,
  rejected: readonly string[],
): Promise<string> {
  await cp(path, into, { recursive: true });
  const folder = join(into, '.github/workflows');
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    await writeFile(file, rejectEnvironments(await readFile(file, 'utf8'), rejected));
  }
  return into;
}
