import { slugMark, type EnvironmentEntry } from './entry.ts';
import { isForbiddenNamespace } from './forbidden-namespace.ts';
import { isLabel } from './slug.ts';
import { foreignValuesFile } from './values-files.ts';

/** Refuses entries that cannot work or that contradict each other; `refuse` makes the error for a line. */
export function checkEntries(
  entries: readonly EnvironmentEntry[],
  refuse: (line: number, problem: string) => Error,
): void {
  const environmentOf = new Map<string, EnvironmentEntry>();
  for (const entry of entries) {
    const { namespace, environment, line } = entry;
    if (entry.branch.some((pattern) => pattern === '!' || pattern.startsWith('refs/')))
      throw refuse(line, "'branch' holds names of branches, without refs/heads/");
    for (const template of [namespace, environment, entry.release ?? '']) {
      if (template.split(slugMark).length > 2) throw refuse(line, `'${template}' uses ${slugMark} twice`);
      if (/[{}]/.test(template.replace(slugMark, '')))
        throw refuse(line, `'${template}': only ${slugMark} is filled in`);
    }
    // Any slug is a label, so 'x' in its place shows whether the rest of the template makes one.
    if (!isLabel(namespace.replace(slugMark, 'x')))
      throw refuse(line, `'namespace' is '${namespace}', not a name of a-z, 0-9 and hyphens`);
    if (namespace.length - slugMark.length > 40 && namespace.includes(slugMark))
      throw refuse(line, `'namespace' leaves less than 23 characters for ${slugMark}`);
    if (entry.release !== undefined && !isLabel(entry.release.replace(slugMark, 'x'.repeat(20)), 53))
      throw refuse(line, `'release' is '${entry.release}', not a release name of at most 53 characters`);
    if (isForbiddenNamespace(namespace))
      throw refuse(line, `'namespace' ${namespace} belongs to the cluster and is never deployed to`);
    if (entry.preview && !(namespace.includes(slugMark) && environment.includes(slugMark)))
      throw refuse(line, `a preview needs ${slugMark} in 'environment' and 'namespace'`);
    if (environment.includes(slugMark) && !namespace.includes(slugMark))
      throw refuse(
        line,
        `'environment' has ${slugMark} and 'namespace' has not: environments would share it`,
      );
    if (entry.ttlMs !== undefined && !entry.preview) throw refuse(line, "'ttl' is for previews only");
    const other = environmentOf.get(namespace);
    if (other !== undefined && other.environment !== environment) {
      throw refuse(
        line,
        `'namespace' ${namespace} is environment ${other.environment}'s on line ${other.line} and cannot be ${environment}'s too`,
      );
    }
    environmentOf.set(namespace, entry);
  }
  const names = entries.map((entry) => entry.environment);
  for (const entry of entries) {
    const foreign = foreignValuesFile(entry.values, entry.environment, names);
    if (foreign !== undefined) {
      throw refuse(
        entry.line,
        `'values' file ${foreign.file} is named for environment ${foreign.environment}, not ${entry.environment}`,
      );
    }
  }
}
