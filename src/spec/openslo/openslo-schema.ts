// The seven kinds of OpenSLO v1 as the specification has them. Keys it does not have are remarked on and ignored; documents that follow it load unchanged.
import * as z from 'zod';
import { mapping } from '../schema/mapping.ts';
import { conditionShape, inlineShape, policyShape, targetShape } from './alert-shapes.ts';
import type { OpenSloMetadata } from './openslo-documents.ts';
import { descriptionSchema, indicatorShape, metadataShape, type ObjectMaker, sloShape } from './slo-shapes.ts';

export const openSloKinds = [
  'Service',
  'DataSource',
  'SLO',
  'SLI',
  'AlertPolicy',
  'AlertCondition',
  'AlertNotificationTarget',
] as const;
export type OpenSloKind = (typeof openSloKinds)[number];

/** What a document of any kind holds after reading; `spec` has the shape that openslo-documents.ts states for its kind. */
interface OpenSloFields {
  readonly metadata: OpenSloMetadata;
  readonly spec: unknown;
}

type KindSchemas = Readonly<Record<OpenSloKind, z.ZodType<OpenSloFields>>>;

/** Reports unknown keys. */
export const strictOpenSlo: KindSchemas = kindSchemas(mapping);
/** Drops unknown keys. */
export const looseOpenSlo: KindSchemas = kindSchemas((shape) => z.object(shape));

function kindSchemas(object: ObjectMaker): KindSchemas {
  const metadata = object({ name: z.string().min(1), ...metadataShape() });
  const document = (kind: OpenSloKind, spec: z.ZodType): z.ZodType<OpenSloFields> =>
    object({ apiVersion: z.literal('openslo/v1'), kind: z.literal(kind), metadata, spec }) as z.ZodType<OpenSloFields>;
  const description = descriptionSchema();
  const details = z.record(z.string(), z.unknown());
  const dataSource = object({
    description,
    type: z.string().min(1),
    connectionDetails: z.union([details, z.array(details)]).default({}),
  });
  return {
    Service: document('Service', object({ description }).default({})),
    DataSource: document('DataSource', dataSource),
    SLO: document('SLO', sloShape(object, inlineShape(object, 'AlertPolicy', policyShape(object)))),
    SLI: document('SLI', indicatorShape(object)),
    AlertPolicy: document('AlertPolicy', policyShape(object)),
    AlertCondition: document('AlertCondition', conditionShape(object)),
    AlertNotificationTarget: document('AlertNotificationTarget', targetShape(object)),
  };
}
