// Turns a step's templates into a request: path, headers and body, with every variable in the encoding its place needs.
import type { Random } from '../../../core/load/random.ts';
import { parseTemplate, type TemplatePart } from '../../../core/load/template.ts';
import { err, ok, type Result } from '../../../core/model/result.ts';
import type { Step, StepBody } from '../../../core/model/workload.ts';
import { type Origin, parseOrigin } from './origin.ts';

/** Where variables come from while one request is rendered. */
export interface RenderContext {
  /** Captured value or feed column; undefined when there is none. */
  readonly lookup: (name: string) => string | undefined;
  readonly random: Random;
  /** The request's intended start. */
  readonly unixMs: number;
  /** Number of the journey in the run. */
  readonly index: number;
}

export interface RenderedRequest {
  readonly path: string;
  /** Name and value in turn, without framing and trace headers. */
  readonly headers: readonly string[];
  readonly body: Uint8Array | undefined;
}

export interface StepRenderer {
  readonly origin: Origin;
  /** Whether every rendering gives the same request. */
  readonly isStatic: boolean;
  /** Variables that must have a value before `render` is called. */
  readonly needs: ReadonlySet<string>;
  readonly render: (context: RenderContext) => RenderedRequest;
}

export interface StepRendererOptions {
  readonly target: Origin;
  readonly environment: Readonly<Record<string, string>>;
  /** Contents of the files that bodies name, by path. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** Body of a step without one, in a chat workload. */
  readonly chatBody?: ((index: number) => Uint8Array) | undefined;
}

type Encode = (value: string) => string;
type Text = (context: RenderContext) => string;

/** Compiles a step; the error names the template that is wrong. */
export function stepRenderer(step: Step, options: StepRendererOptions): Result<StepRenderer, string> {
  const compiler = templateCompiler(options.environment);
  const absolute = /^https?:\/\/[^/?#]*/i.exec(step.path);
  const origin = absolute === null ? ok(options.target) : parseOrigin(absolute[0]);
  if (!origin.ok) return err(`step "${step.name}": ${origin.error}`);
  const prefix = absolute === null ? options.target.basePath : '';
  const rawPath = absolute === null ? step.path : step.path.slice(absolute[0].length);
  // A captured link may stand for the whole path, so the slash between is decided when it is known.
  const ownPath = compiler.compile(rawPath, encodePath);
  const path: Text = (context) => {
    const own = ownPath(context);
    return pathInOrigin(own, origin.value) ?? joinPath(prefix, own);
  };
  const query = compiler.compilePairs(step.query, encodeComponent);
  const headers = compiler.compilePairs(step.headers, encodeHeader);
  const body =
    step.body === undefined
      ? promptRenderer(step, options, compiler)
      : bodyRenderer(step.body, compiler, options.files);
  if (compiler.errors.length > 0) return err(`step "${step.name}": ${compiler.errors.join('; ')}`);
  const names = new Set(Object.keys(step.headers).map((name) => name.toLowerCase()));
  const contentType = names.has('content-type') ? undefined : body?.contentType;
  const render = (context: RenderContext): RenderedRequest => {
    const rendered: string[] = [];
    for (const [name, value] of headers) rendered.push(name.toLowerCase(), value(context));
    if (contentType !== undefined) rendered.push('content-type', contentType);
    return { path: withQuery(path(context), query, context), headers: rendered, body: body?.render(context) };
  };
  return ok({ origin: origin.value, isStatic: !compiler.isDynamic, needs: compiler.needs, render });
}

interface TemplateCompiler {
  readonly compile: (template: string, encode: Encode) => Text;
  readonly compilePairs: (
    pairs: Readonly<Record<string, string>>,
    encode: Encode,
  ) => readonly (readonly [string, Text])[];
  readonly errors: string[];
  readonly needs: Set<string>;
  isDynamic: boolean;
}

function templateCompiler(environment: Readonly<Record<string, string>>): TemplateCompiler {
  const compiler: TemplateCompiler = {
    errors: [],
    needs: new Set(),
    isDynamic: false,
    compilePairs: (pairs, encode) =>
      Object.entries(pairs).map(([name, value]) => [name, compiler.compile(value, encode)]),
    compile(template, encode) {
      const parsed = parseTemplate(template);
      if (!parsed.ok) {
        compiler.errors.push(`in "${template}": ${parsed.error.message}`);
        return () => '';
      }
      const texts = parsed.value.map((part) => partRenderer(part, encode, environment, compiler));
      if (texts.every((text) => typeof text === 'string')) {
        const whole = texts.join('');
        return () => whole;
      }
      return (context) => {
        let whole = '';
        for (const text of texts) whole += typeof text === 'string' ? text : text(context);
        return whole;
      };
    },
  };
  return compiler;
}

function partRenderer(
  part: TemplatePart,
  encode: Encode,
  environment: Readonly<Record<string, string>>,
  compiler: TemplateCompiler,
): string | Text {
  // The text of a JSON template is JSON already.
  if (part.kind === 'text') return encode === encodeJsonString ? part.text : encode(part.text);
  if (part.kind === 'env') {
    const value = environment[part.name];
    if (value === undefined) compiler.errors.push(`the environment has no ${part.name}`);
    return encode(value ?? '');
  }
  compiler.isDynamic = true;
  switch (part.kind) {
    case 'variable':
      compiler.needs.add(part.name);
      return ({ lookup }) => encode(lookup(part.name) ?? '');
    case 'uuid':
      return ({ random }) => uuid(random);
    case 'now':
      return ({ unixMs }) => String(Math.floor(unixMs));
    case 'int':
      return ({ random }) => String(part.min + Math.floor(random.next() * (part.max - part.min + 1)));
  }
}

interface BodyRenderer {
  readonly contentType: string | undefined;
  readonly render: (context: RenderContext) => Uint8Array;
}

function bodyRenderer(
  body: StepBody,
  compiler: TemplateCompiler,
  files: Readonly<Record<string, Uint8Array>>,
): BodyRenderer {
  switch (body.kind) {
    case 'json': {
      const text = compiler.compile(body.template, encodeJsonString);
      return { contentType: 'application/json', render: (context) => Buffer.from(text(context), 'utf8') };
    }
    case 'text': {
      const text = compiler.compile(body.template, (value) => value);
      return { contentType: 'text/plain; charset=utf-8', render: (context) => Buffer.from(text(context), 'utf8') };
    }
    case 'form': {
      const fields = Object.entries(body.fields).map(
        ([name, template]) => [name, compiler.compile(template, (value) => value)] as const,
      );
      return {
        contentType: 'application/x-www-form-urlencoded',
        render: (context) => {
          const form = new URLSearchParams();
          for (const [name, value] of fields) form.append(name, value(context));
          return Buffer.from(form.toString(), 'latin1');
        },
      };
    }
    case 'file': {
      const bytes = files[body.path];
      if (bytes === undefined) compiler.errors.push(`the file ${body.path} was not read`);
      return { contentType: 'application/octet-stream', render: () => bytes ?? new Uint8Array() };
    }
  }
}

function promptRenderer(
  { method }: Step,
  { chatBody }: StepRendererOptions,
  compiler: TemplateCompiler,
): BodyRenderer | undefined {
  if (chatBody === undefined || method !== 'POST') return undefined;
  compiler.isDynamic = true;
  return { contentType: 'application/json', render: ({ index }) => chatBody(index) };
}

/** The path of a captured link that names the origin it is asked from; undefined for any other text. */
function pathInOrigin(link: string, { secure, authority }: Origin): string | undefined {
  const own = `${secure ? 'https' : 'http'}://${authority}`;
  const rest = link.startsWith(own) ? link.slice(own.length) : undefined;
  if (rest === undefined || !/^(?:[/?]|$)/.test(rest)) return undefined;
  return rest.startsWith('/') ? rest : `/${rest}`;
}

function joinPath(prefix: string, path: string): string {
  if (path === '') return prefix === '' ? '/' : prefix;
  return path.startsWith('/') ? prefix + path : `${prefix}/${path}`;
}

function withQuery(path: string, query: readonly (readonly [string, Text])[], context: RenderContext): string {
  if (query.length === 0) return path;
  const pairs = query.map(([name, value]) => `${encodeComponent(name)}=${value(context)}`).join('&');
  return `${path}${path.includes('?') ? '&' : '?'}${pairs}`;
}

/** Keeps what may stand in a path or query and escapes the rest, so that no value can break the request line. */
function encodePath(value: string): string {
  return value.replace(/[^\x21\x24-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]/gu, encodeComponent);
}

/** Escapes all that means something in a query; half a surrogate pair becomes U+FFFD. */
function encodeComponent(value: string): string {
  return encodeURIComponent(value.toWellFormed());
}

/** A header value on one line. Headers are bytes: what is beyond U+00FF goes as those of its UTF-8. */
function encodeHeader(value: string): string {
  return value
    .replace(/[\r\n\0]+/g, ' ')
    .replace(/[^\0-\xff]+/gu, (beyond) => Buffer.from(beyond, 'utf8').toString('latin1'));
}

/** Escapes a value for its place between the quotes of a JSON string; numbers stay as they are. */
function encodeJsonString(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

/** A version 4 UUID from the run's seed. */
function uuid(random: Random): string {
  const hex = [0, 0, 0, 0].map(() => random.uint32().toString(16).padStart(8, '0')).join('');
  const variant = ((Number.parseInt(hex[16] as string, 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
