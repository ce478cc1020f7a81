// XML text that is well-formed whatever it is made of.

/** ` name="value"` for each entry. */
export function xmlAttributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(
      ([name, value]) =>
        ` ${name}="${xmlEscape(String(value))
          .replaceAll('"', '&quot;')
          .replace(/[\n\r\t]/g, ' ')}"`,
    )
    .join('');
}

/** One element with text on a line of its own, indented. */
export function xmlElement(
  name: string,
  attributes: Readonly<Record<string, string>>,
  text: string,
  indent: number,
): string {
  return `${' '.repeat(indent)}<${name}${xmlAttributes(attributes)}>${xmlEscape(text)}</${name}>\n`;
}

/** Escapes markup; what XML 1.0 does not allow at all (control characters, lone surrogates, U+FFFE) becomes U+FFFD. */
function xmlEscape(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the purpose
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/gu, '\ufffd')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
  );
}
