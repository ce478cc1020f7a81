// Trouble with certificates: files that hold none (without one Node trusts nobody, and every handshake fails as if the server were to blame), and failures that another file would mend.

/** What is wrong with the text of a PEM file; undefined when it holds a certificate. */
export function certificateProblem(pem: string): string | undefined {
  return /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/.test(pem) ? undefined : 'holds no PEM certificate';
}

/** Whether a failed handshake said that the server's certificate is not trusted: what it says is Node's. */
export function isAboutCertificate(said: string): boolean {
  return /certificate|altnames/i.test(said);
}
