// Chooses what a path shows, and asks for a token when the service wants one.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { rememberToken } from './api.ts';
import { FleetPage } from './fleet-page.tsx';
import { RunPage } from './run-page.tsx';
import { TokenForm } from './token-form.tsx';
import { VerificationPage } from './verification-page.tsx';

/** `/`, `/verifications/{name}`, `/runs/{id}`. */
export function App({ path }: { readonly path: string }): JSX.Element {
  const [needsToken, setNeedsToken] = useState(false);
  const [wasRefused, setWasRefused] = useState(false);
  const onUnauthorized = (): void => setNeedsToken(true);
  const enter = (token: string): void => {
    rememberToken(token);
    setWasRefused(true);
    setNeedsToken(false);
  };
  const [, room, id] = /^\/(runs|verifications)\/([^/]+)/.exec(path) ?? [];
  return (
    <>
      <nav class="top" aria-label="Faultline">
        <a class="brand" href="/">
          Faultline
        </a>
        <a class="quiet" href="/api/v1/openapi.json">
          API
        </a>
      </nav>
      <main>
        {needsToken ? (
          <TokenForm onToken={enter} wasRefused={wasRefused} />
        ) : room === 'runs' && id !== undefined ? (
          <RunPage id={decodeURIComponent(id)} onUnauthorized={onUnauthorized} />
        ) : room === 'verifications' && id !== undefined ? (
          <VerificationPage name={decodeURIComponent(id)} onUnauthorized={onUnauthorized} />
        ) : (
          <FleetPage onUnauthorized={onUnauthorized} />
        )}
      </main>
    </>
  );
}
