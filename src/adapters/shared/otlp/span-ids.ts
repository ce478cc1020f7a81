// Trace and span ids as they come in JSON: hex of either case, or base64.

/** 32 lower-case hex digits; undefined when the text is no trace id or all zeros. */
export function traceIdFrom(text: unknown): string | undefined {
  return idFrom(text, 32);
}

/** 16 lower-case hex digits; undefined when the text is no span id or all zeros. */
export function spanIdFrom(text: unknown): string | undefined {
  return idFrom(text, 16);
}

/** Jaeger and Tempo's search write hex without its leading zeros, and 64-bit trace ids with 16 digits: the text with them. What is no text stays as it is. */
export function withLeadingZeros(text: unknown, digits: 16 | 32): unknown {
  return typeof text === 'string' && text !== '' ? text.padStart(digits, '0') : text;
}

function idFrom(text: unknown, digits: 16 | 32): string | undefined {
  if (typeof text !== 'string' || text === '') return undefined;
  // Protobuf's own JSON mapping (Tempo, old Jaeger) writes bytes as padded base64; OTLP's writes hex, which never ends in "=".
  const hex = text.endsWith('=') ? hexOfBase64(text, digits) : text.toLowerCase();
  if (hex.length !== digits || !/^[0-9a-f]+$/.test(hex) || (hex.startsWith('00000000') && /^0+$/.test(hex)))
    return undefined;
  return hex;
}

function hexOfBase64(text: string, digits: number): string {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length * 2 === digits ? bytes.toString('hex') : '';
}
