// Asks once for a bearer token; it is kept as long as the tab lives.
import type { JSX, TargetedEvent } from 'preact';
import { useState } from 'preact/hooks';

export function TokenForm({ onToken }: { readonly onToken: (token: string) => void }): JSX.Element {
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
