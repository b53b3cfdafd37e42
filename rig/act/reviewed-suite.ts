import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMap, isSeq, parseDocument } from 'yaml';

const rejected = 'printf "::error::%s was rejected by its reviewers\\n" "$REVIEWED"; exit 1';
/** act passes a cancellation on to the shell alone, which waits for its `sleep` first. */
const awaited = `trap 'exit 130' INT TERM; until [ -e "$REVIEWS/$GITHUB_RUN_ID" ]; do sleep 0.2; done`;

/** A workflow whose jobs of these environments begin with what their reviewers do, as on GitHub; act asks nobody. */
function review(
  text: string,
  environments: readonly string[],
  step: { readonly run: string; readonly env?: Readonly<Record<string, string>> },
): string {
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
    const first = {
      name: 'Review',
      if: `contains(fromJSON('${JSON.stringify(environments)}'), ${value})`,
      env: { ...step.env, REVIEWED: name },
      run: step.run,
    };
    steps.items.unshift(document.createNode(first));
  }
  return document.toString({ lineWidth: 0 });
}

/** A workflow whose jobs of a rejected environment fail before their first step. */
export function rejectEnvironments(text: string, environments: readonly string[]): string {
  return review(text, environments, { run: rejected });
}

/** A workflow whose jobs of these environments wait until the folder `reviews` has a file with the run's id. */
export function awaitReviews(text: string, environments: readonly string[], reviews: string): string {
  return review(text, environments, { run: awaited, env: { REVIEWS: reviews } });
}

/** Changes the text of every workflow of a suite. */
export async function editWorkflows(path: string, edit: (text: string) => string): Promise<void> {
  const folder = join(path, '.github/workflows');
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    await writeFile(file, edit(await readFile(file, 'utf8')));
  }
}

/** Copies a suite into `into`; there the reviewers of these environments say no. */
export async function rejectingSuite(
  path: string,
  into: string,
  environments: readonly string[],
): Promise<string> {
  await cp(path, into, { recursive: true });
  await editWorkflows(into, (text) => rejectEnvironments(text, environments));
  return into;
}

/** Changes a suite: its jobs of these environments wait for their reviewers. Returns how a run is approved, by its id. */
export async function awaitingSuite(
  path: string,
  reviews: string,
  environments: readonly string[],
): Promise<(runId: number) => Promise<void>> {
  await mkdir(reviews, { recursive: true });
  await editWorkflows(path, (text) => awaitReviews(text, environments, reviews));
  return (runId) => writeFile(join(reviews, String(runId)), '');
}
