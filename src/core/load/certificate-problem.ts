// Whether a file holds certificates at all: without one Node trusts nobody, and every handshake fails as if the server were to blame.

/** What is wrong with the text of a PEM file; undefined when it holds a certificate. */
export function certificateProblem(pem: string): string | undefined {
  return /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/.test(pem) ? undefined : 'holds no PEM certificate';
}
