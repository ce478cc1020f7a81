// Talks to yaml-language-server as an editor does, over its standard streams.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

/** A problem as the editor shows it, 1-based. */
export interface EditorProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface LanguageServer {
  /** Opens a text and waits for its problems, at most 10 s. */
  readonly problems: (name: string, text: string) => Promise<readonly EditorProblem[]>;
  /** Labels offered at a place (0-based) of a text that was opened. */
  readonly completions: (name: string, line: number, character: number) => Promise<readonly string[]>;
  readonly stop: () => void;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
}

/** Starts the server of `folder` (a peer) with one schema for every `.yaml`. */
export async function startLanguageServer(folder: string, schemaFile: string): Promise<LanguageServer> {
  const program = join(folder, 'node_modules', 'yaml-language-server', 'bin', 'yaml-language-server');
  const child = spawn(process.execPath, [program, '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const yaml = {
    schemas: { [pathToFileURL(schemaFile).href]: '*.yaml' },
    validate: true,
    completion: true,
    schemaStore: { enable: false },
  };
  const published = new Map<string, (problems: readonly EditorProblem[]) => void>();
  const { request, notify } = connect(child, yaml, (uri, problems) => published.get(uri)?.(problems));
  await request('initialize', {
    processId: null,
    rootUri: null,
    workspaceFolders: null,
    capabilities: { workspace: { configuration: true } },
  });
  notify('initialized', {});
  notify('workspace/didChangeConfiguration', { settings: { yaml } });
  return {
    problems: async (name, text) => {
      const uri = `file:///documents/${name}`;
      const found = new Promise<readonly EditorProblem[]>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no diagnostics for ${name} within 10 s`)), 10_000);
        published.set(uri, (problems) => {
          clearTimeout(timer);
          resolve(problems);
        });
      });
      notify('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
      return found;
    },
    completions: async (name, line, character) => {
      const answer = await request('textDocument/completion', {
        textDocument: { uri: `file:///documents/${name}` },
        position: { line, character },
      });
      const items = (answer as { readonly items?: readonly { readonly label: string }[] }).items ?? [];
      return items.map((item) => item.label);
    },
    stop: () => void child.kill(),
  };
}

interface Connection {
  readonly request: (method: string, params: unknown) => Promise<unknown>;
  readonly notify: (method: string, params: unknown) => void;
}

/** JSON-RPC with Content-Length headers. Questions of the server are answered with the settings, or with null. */
function connect(
  child: ChildProcess,
  yaml: unknown,
  onProblems: (uri: string, problems: readonly EditorProblem[]) => void,
): Connection {
  const waiting = new Map<number, (result: unknown) => void>();
  let lastId = 0;
  let received = Buffer.alloc(0);
  const send = (message: unknown): void => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...(message as object) });
    child.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  const take = (message: Message): void => {
    const { id, method, params, result } = message;
    if (method === 'textDocument/publishDiagnostics') onProblems(...problemsOf(params));
    else if (method !== undefined && id !== undefined)
      send({ id, result: method === 'workspace/configuration' ? settingsFor(params, yaml) : null });
    else if (id !== undefined) waiting.get(id)?.(result);
  };
  child.stdout?.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    for (;;) {
      const end = received.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/.exec(received.subarray(0, Math.max(0, end)).toString())?.[1]);
      if (end < 0 || received.length < end + 4 + length) return;
      take(JSON.parse(received.subarray(end + 4, end + 4 + length).toString()) as Message);
      received = received.subarray(end + 4 + length);
    }
  });
  return {
    request: (method, params) => {
      lastId += 1;
      const id = lastId;
      send({ id, method, params });
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no answer to ${method} within 10 s`)), 10_000);
        waiting.set(id, (result) => {
          clearTimeout(timer);
          resolve(result);
        });
      });
    },
    notify: (method, params) => send({ method, params }),
  };
}

function settingsFor(params: unknown, yaml: unknown): readonly unknown[] {
  return (params as { readonly items: readonly { readonly section?: string }[] }).items.map((item) =>
    item.section === 'yaml' ? yaml : null,
  );
}

function problemsOf(params: unknown): [string, readonly EditorProblem[]] {
  const { uri, diagnostics } = params as {
    readonly uri: string;
    readonly diagnostics: readonly {
      readonly message: string;
      readonly range: { readonly start: { readonly line: number; readonly character: number } };
    }[];
  };
  return [
    uri,
    diagnostics.map(({ message, range }) => ({
      line: range.start.line + 1,
      column: range.start.character + 1,
      message,
    })),
  ];
}
