// The part of a requirement type that reading documents needs: its words, not its judgement.
import type { RequirementTypeName } from '../core/model/requirement.ts';
import type { RequirementType } from '../core/slo/requirement-type.ts';

export type RequirementLanguage = Pick<
  RequirementType,
  'name' | 'example' | 'stats' | 'where' | 'vantages' | 'options' | 'refs' | 'acrossPhases'
>;

/** The language of a type as a document names it; undefined for anything that is no type. */
export function languageOf(languages: RequirementLanguages, type: string | undefined): RequirementLanguage | undefined {
  return type !== undefined && Object.hasOwn(languages, type) ? languages[type as RequirementTypeName] : undefined;
}

export type RequirementLanguages = Readonly<Record<RequirementTypeName, RequirementLanguage>>;
