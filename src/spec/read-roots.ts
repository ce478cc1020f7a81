// One file of text -> its documents, located and with variables filled in.
import type { Diagnose } from './diagnostics/diagnose.ts';
import type { LocatedNode, NodePath } from './yaml/located-node.ts';
import { readYaml } from './yaml/read-yaml.ts';
import { resolveVariables, type VariableSources } from './yaml/resolve-variables.ts';
import { sourceText } from './yaml/source-text.ts';
import { warnOfSurprises } from './yaml/yaml-surprises.ts';

export interface DocumentText {
  /** As the user named it: stands in diagnostics. */
  readonly file: string;
  readonly text: string;
  /** The text stands in no file: places in it are told by path. */
  readonly isGenerated?: true;
}

/** The file's documents with references to the environment filled in; what YAML reads otherwise than it looks is remarked on. */
export function readRoots(file: DocumentText, sources: VariableSources, diagnose: Diagnose): readonly LocatedNode[] {
  const source = sourceText(file.file, file.text, file.isGenerated);
  const roots = readYaml(source, diagnose);
  return roots.flatMap(documentsOf).map((root) => {
    warnOfSurprises(root, diagnose);
    return resolveVariables(root, sources, isJourneyTemplate, diagnose);
  });
}

/** A list of documents is read as if they stood one after another, as other OpenSLO tools do. */
function documentsOf(root: LocatedNode): readonly LocatedNode[] {
  const isList =
    root.kind === 'list' &&
    root.items.length > 0 &&
    root.items.every((item) => item.kind === 'map' && item.entries.has('apiVersion'));
  return isList ? root.items : [root];
}

/** Inside scenarios `${name}` is filled in for each request. */
function isJourneyTemplate(path: NodePath): boolean {
  return path.at(-1) === 'scenarios' && path.length <= 3;
}
