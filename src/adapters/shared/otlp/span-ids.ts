// Trace and span ids as they come in JSON: hex of either case, hex without its leading zeros, or base64.

/** 32 lower-case hex digits; undefined when the text is no trace id or all zeros. Shorter hex (64-bit ids of Jaeger and Zipkin) gets leading zeros. */
export function traceIdFrom(text: unknown): string | undefined {
  return idFrom(text, 32);
}

/** 16 lower-case hex digits; undefined when the text is no span id or all zeros. */
export function spanIdFrom(text: unknown): string | undefined {
  return idFrom(text, 16);
}

function idFrom(text: unknown, digits: 16 | 32): string | undefined {
  if (typeof text !== 'string' || text === '') return undefined;
  // Protobuf's own JSON mapping (Tempo, old Jaeger) writes bytes as padded base64; OTLP's writes hex, which never ends in "=".
  const hex = text.endsWith('=') ? hexOfBase64(text, digits) : text.toLowerCase().padStart(digits, '0');
  if (hex.length !== digits || !/^[0-9a-f]+$/.test(hex) || (hex.startsWith('00000000') && /^0+$/.test(hex)))
    return undefined;
  return hex;
}

function hexOfBase64(text: string, digits: number): string {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length * 2 === digits ? bytes.toString('hex') : '';
}
