import * as v from 'valibot';

/** The parts of SonarQube's answers that are read here. */
export const system = v.object({ edition: v.optional(v.string()) });

export const task = v.object({
  task: v.object({
    status: v.picklist(['PENDING', 'IN_PROGRESS', 'SUCCESS', 'FAILED', 'CANCELED']),
    analysisId: v.optional(v.string()),
    errorMessage: v.optional(v.string()),
  }),
});

export const projectStatus = v.object({
  projectStatus: v.object({
    status: v.picklist(['OK', 'WARN', 'ERROR', 'NONE']),
    conditions: v.optional(
      v.array(
        v.object({
          status: v.string(),
          metricKey: v.string(),
          comparator: v.optional(v.string(), ''),
          errorThreshold: v.optional(v.string(), ''),
          actualValue: v.optional(v.string(), ''),
        }),
      ),
      [],
    ),
  }),
});

export const issues = v.object({
  paging: v.object({ total: v.number() }),
  issues: v.array(
    v.object({
      key: v.string(),
      rule: v.string(),
      severity: v.optional(v.string(), ''),
      component: v.string(),
      message: v.optional(v.string(), ''),
      textRange: v.optional(
        v.object({
          startLine: v.number(),
          endLine: v.number(),
          startOffset: v.number(),
          endOffset: v.number(),
        }),
      ),
    }),
  ),
  components: v.optional(v.array(v.object({ key: v.string(), path: v.optional(v.string()) })), []),
});

export type Gate = v.InferOutput<typeof projectStatus>['projectStatus'];
export type SonarTask = v.InferOutput<typeof task>['task'];
export type SonarIssues = v.InferOutput<typeof issues>;
