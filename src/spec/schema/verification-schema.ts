// The whole `Verification` document. The one schema that reading, editors (JSON Schema) and TypeScript share.
import * as z from 'zod';
import type { BaselineSelection, NotifyRule, Schedule } from '../../core/model/verification.ts';
import type { SafetyLimits } from '../../core/model/workload.ts';
import type { RequirementLanguages } from '../requirement-language.ts';
import type { VerificationDocument, WorkloadDocument } from '../verification-document.ts';
import { baselineSchema, type EvaluationFields, evaluationSchema } from './evaluation-schema.ts';
import { mapping } from './mapping.ts';
import { notifySchema, safetySchema, scheduleSchema } from './operation-schemas.ts';
import { type RequirementFields, requirementSchema } from './requirement-schema.ts';
import { nameSchema } from './scalars.ts';
import { type SourcesFields, sourcesSchema } from './sources-schema.ts';
import { type WorkloadFields, workloadSchema } from './workload-schema.ts';

export const apiVersion = 'faultline/v1alpha1';

/** A document after reading, before defaults are joined and names are followed. */
export interface VerificationFields {
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string | readonly string[]>> | undefined;
    readonly annotations?: Readonly<Record<string, string>> | undefined;
  };
  readonly spec: {
    readonly service: string;
    readonly environment?: string | undefined;
    readonly schedule?: Schedule | undefined;
    readonly workload?: WorkloadFields | undefined;
    readonly evaluation?: EvaluationFields | undefined;
    readonly baseline?: BaselineSelection | undefined;
    readonly requirements: readonly RequirementFields[];
    readonly sources?: SourcesFields | undefined;
    readonly safety?: SafetyLimits | undefined;
    readonly notify?: readonly NotifyRule[] | undefined;
  };
}

const metadata = mapping({
  name: nameSchema,
  displayName: z.string().optional(),
  labels: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});

/** The schema of a `Verification` whose requirements may be of the given types. */
export function verificationSchema(
  languages: RequirementLanguages,
): z.ZodType<VerificationFields, VerificationDocument> {
  return mapping({
    apiVersion: z.literal(apiVersion),
    kind: z.literal('Verification'),
    metadata,
    spec: mapping({
      service: z.string().min(1),
      description: z.string().optional(),
      environment: nameSchema.optional(),
      schedule: scheduleSchema.optional(),
      workload: workloadSchema.optional(),
      workloadRef: z.string().optional(),
      evaluation: evaluationSchema.optional(),
      baseline: baselineSchema.optional(),
      requirements: z.array(requirementSchema(languages)).min(1),
      sources: sourcesSchema.optional(),
      safety: safetySchema.optional(),
      notify: z.array(notifySchema).optional(),
    }),
  });
}

/** A workload on its own, for several verifications. */
export const workloadDocumentSchema: z.ZodType<unknown, WorkloadDocument> = mapping({
  apiVersion: z.literal(apiVersion),
  kind: z.literal('Workload'),
  metadata,
  spec: workloadSchema,
});
