// The rooms of the house and which may know which: no arrow backwards, no circle, and the check saw the house.
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { sourceImports } from '../../support/source-imports.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const files = sourceImports(root);

/** Which rooms a room may import beside itself. An adapter is a room of its own: `adapters/x`. */
function allowedRooms(room: string): readonly string[] {
  if (room === 'core/model') return [];
  if (room.startsWith('core/')) return ['core/model'];
  if (room === 'ports') return ['core/model'];
  if (room === 'spec' || room === 'report') return ['core'];
  if (room === 'verify') return ['core', 'ports'];
  if (room === 'adapters/load') return ['core/model', 'core/load', 'ports', 'adapters/shared'];
  if (room.startsWith('adapters/')) return ['core/model', 'ports', 'adapters/shared'];
  if (room === 'server') return ['core', 'ports', 'spec', 'verify', 'report'];
  if (room === 'cli') return ['core', 'ports', 'spec', 'verify', 'report', 'adapters', 'server'];
  return [];
}

function roomOf(path: string): string {
  const [, first = '', second = ''] = path.split('/');
  return first === 'core' || first === 'adapters' ? `${first}/${second}` : first;
}

const pureRooms = /^src\/(core|spec|report)\//;

test('the check sees the house', () => {
  assert.ok(files.length > 100, `only ${files.length} files seen`);
  for (const room of [
    'core/model',
    'core/load',
    'core/slo',
    'core/trace',
    'spec',
    'ports',
    'verify',
    'report',
    'server',
    'cli',
  ]) {
    assert.ok(
      files.some((file) => roomOf(file.path) === room),
      `no file seen in ${room}`,
    );
  }
  assert.ok(files.flatMap((file) => file.files).length > 200, 'hardly any import seen');
});

test('no room imports what it may not know', () => {
  const offences = files.flatMap((file) => {
    const room = roomOf(file.path);
    const allowed = allowedRooms(room);
    return file.files
      .filter((target) => {
        const other = roomOf(target);
        return other !== room && !allowed.some((name) => other === name || other.startsWith(`${name}/`));
      })
      .map((target) => `${file.path} -> ${target}`);
  });
  assert.deepEqual(offences, []);
});

test('pure rooms import no Node built-in and only the libraries they are built on', () => {
  const libraries: Readonly<Record<string, readonly string[]>> = { spec: ['yaml', 'zod'] };
  const offences = files
    .filter((file) => pureRooms.test(file.path))
    .flatMap((file) =>
      file.packages
        .filter((name) => !(libraries[roomOf(file.path)] ?? []).includes(name))
        .map((name) => `${file.path} -> ${name}`),
    );
  assert.deepEqual(offences, []);
});

test('no import circle, types included', () => {
  const targets = new Map(files.map((file) => [file.path, file.files]));
  const done = new Set<string>();
  const circles: string[] = [];
  for (const start of targets.keys()) {
    const path: string[] = [];
    const stack: { readonly file: string; next: number }[] = [{ file: start, next: 0 }];
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      if (top === undefined) break;
      if (top.next === 0) path.push(top.file);
      const target = done.has(top.file) ? undefined : (targets.get(top.file) ?? [])[top.next];
      top.next += 1;
      if (target === undefined) {
        done.add(top.file);
        path.pop();
        stack.pop();
      } else if (path.includes(target)) {
        circles.push([...path.slice(path.indexOf(target)), target].join(' -> '));
      } else if (!done.has(target)) {
        stack.push({ file: target, next: 0 });
      }
    }
  }
  assert.deepEqual(circles, []);
});

test('nobody imports the command line', () => {
  const offences = files.filter(
    (file) => roomOf(file.path) !== 'cli' && file.files.some((target) => roomOf(target) === 'cli'),
  );
  assert.deepEqual(
    offences.map((file) => file.path),
    [],
  );
});
