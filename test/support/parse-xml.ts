// A strict reader for the XML our reports write: elements, attributes, text. Throws on anything that is not well-formed.

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Text directly inside, entities resolved. */
  readonly text: string;
}

interface Open {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

/** The root element of a document without comments, CDATA or processing instructions beyond the declaration. */
export function parseXml(source: string): XmlElement {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 allows none of these
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(source))
    throw new Error('a character that XML does not allow');
  const body = source.replace(/^<\?xml [^?]*\?>\s*/, '');
  const top: Open = { name: '', attributes: {}, children: [], text: '' };
  const stack: Open[] = [top];
  const pattern = /<(\/?)([A-Za-z][\w.-]*)((?:\s+[\w.:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
  let end = 0;
  for (let match = pattern.exec(body); match !== null; match = pattern.exec(body)) {
    end = pattern.lastIndex;
    const [, closing, name = '', attributes = '', selfClosing, text] = match;
    const inner = stack.at(-1) ?? top;
    if (text !== undefined) inner.text += resolved(text);
    else if (closing === '/') close(stack, name);
    else {
      const element: Open = { name, attributes: attributesOf(attributes), children: [], text: '' };
      inner.children.push(element);
      if (selfClosing !== '/') stack.push(element);
    }
  }
  if (end !== body.length) throw new Error(`not XML at: ${body.slice(end, end + 60)}`);
  if (stack.length !== 1) throw new Error(`<${stack.at(-1)?.name}> is not closed`);
  const [root, second] = top.children;
  if (root === undefined || second !== undefined || top.text.trim() !== '')
    throw new Error('not exactly one root element');
  return root;
}

function close(stack: Open[], name: string): void {
  const open = stack.pop();
  if (open?.name !== name) throw new Error(`</${name}> closes <${open?.name}>`);
}

function attributesOf(source: string): Readonly<Record<string, string>> {
  const attributes: Record<string, string> = {};
  for (const [, name = '', value = ''] of source.matchAll(/([\w.:-]+)="([^"]*)"/g)) {
    if (name in attributes) throw new Error(`attribute ${name} twice`);
    attributes[name] = resolved(value);
  }
  return attributes;
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function resolved(text: string): string {
  return text.replace(/&([^;\s]*);?/g, (whole, name: string) => {
    const character = entities[name];
    if (character === undefined || !whole.endsWith(';')) throw new Error(`not an entity: ${whole}`);
    return character;
  });
}
