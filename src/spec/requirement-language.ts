// The part of a requirement type that reading documents needs: its words, not its judgement.
import type { RequirementTypeName } from '../core/model/requirement.ts';
import type { RequirementType } from '../core/slo/requirement-type.ts';

export type RequirementLanguage = Pick<RequirementType, 'name' | 'stats' | 'where' | 'vantages' | 'options' | 'refs'>;

export type RequirementLanguages = Readonly<Record<RequirementTypeName, RequirementLanguage>>;
