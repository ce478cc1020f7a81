// Asks once for a bearer token; it is kept as long as the tab lives.
import type { JSX, TargetedEvent } from 'preact';
import { useState } from 'preact/hooks';

interface Props {
  readonly onToken: (token: string) => void;
  /** A token was entered before, and the service did not know it. */
  readonly wasRefused: boolean;
}

export function TokenForm({ onToken, wasRefused }: Props): JSX.Element {
  const [token, setToken] = useState('');
  const submit = (event: TargetedEvent<HTMLFormElement, Event>): void => {
    event.preventDefault();
    if (token.trim() !== '') onToken(token.trim());
  };
  return (
    <form class="panel token" onSubmit={submit}>
      <h1>Token</h1>
      <p class="quiet" id="token-help">
        The service shows its runs to those who hold one of its tokens (<code>FAULTLINE_TOKENS</code>). It stays in this
        tab only.
      </p>
      {wasRefused && (
        <p class="fail verdict-word" role="alert">
          The service does not know that token.
        </p>
      )}
      <label>
        <span>Bearer token</span>
        <input
          type="password"
          autocomplete="off"
          aria-describedby="token-help"
          value={token}
          onInput={(event) => setToken(event.currentTarget.value)}
        />
      </label>
      <button type="submit">Open</button>
    </form>
  );
}
