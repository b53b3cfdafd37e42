import * as v from 'valibot';
import { ApiError } from '../action/errors.ts';

/** The fields that are read of GitHub's answers. A proxy's page or another product's answer does not pass. */
export const withId = v.object({ id: v.number() });

export const sarifReceipt = v.object({ id: v.string() });

export const sarifStatus = v.object({
  processing_status: v.picklist(['pending', 'complete', 'failed']),
  errors: v.nullish(v.array(v.string()), []),
});

export const comment = v.object({
  id: v.number(),
  body: v.optional(v.string(), ''),
  user: v.nullable(v.object({ type: v.string() })),
  author_association: v.optional(v.string(), 'NONE'),
});

export const environment = v.object({
  name: v.string(),
  protection_rules: v.optional(v.array(v.looseObject({ type: v.string() })), []),
  deployment_branch_policy: v.nullish(v.object({ protected_branches: v.boolean() })),
});

export const reviewersRule = v.object({
  prevent_self_review: v.optional(v.boolean(), false),
  reviewers: v.optional(
    v.array(
      v.object({ reviewer: v.object({ login: v.optional(v.string()), slug: v.optional(v.string()) }) }),
    ),
    [],
  ),
});

export const waitRule = v.object({ wait_timer: v.optional(v.number(), 0) });

export const pullRequest = v.object({
  number: v.number(),
  title: v.string(),
  state: v.string(),
  draft: v.optional(v.boolean(), false),
  merge_commit_sha: v.nullish(v.string()),
  head: v.object({ sha: v.string(), ref: v.string(), repo: v.nullable(v.object({ full_name: v.string() })) }),
  base: v.object({ sha: v.string(), ref: v.string() }),
});

export const pullRequestFile = v.object({
  filename: v.string(),
  status: v.picklist(['added', 'removed', 'modified', 'renamed', 'copied', 'changed', 'unchanged']),
  previous_filename: v.optional(v.string()),
});

export const workflowRun = v.object({
  status: v.nullable(v.string()),
  conclusion: v.nullable(v.string()),
  run_attempt: v.optional(v.number(), 1),
});

export const reviews = v.array(
  v.object({
    environments: v.array(v.object({ name: v.string() })),
    state: v.picklist(['approved', 'rejected', 'pending']),
    user: v.object({ login: v.string() }),
    comment: v.nullish(v.string(), ''),
  }),
);

export const comparison = v.object({ merge_base_commit: v.object({ sha: v.string() }) });

/** The answer in the shape that is read; ApiError when it has another one. */
export function readAnswer<const S extends v.GenericSchema>(
  schema: S,
  data: unknown,
  doing: string,
): v.InferOutput<S> {
  const result = v.safeParse(schema, data);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const where = v.getDotPath(issue) ?? 'the answer';
  throw new ApiError(
    'E_GITHUB',
    `GitHub's answer makes no sense while ${doing}: ${where}: ${issue.message}`,
    {
      status: 200,
    },
  );
}
