// Tests that need a real peer skip loudly where it is absent, and fail where it must be there.
import process from 'node:process';
import { findPeer } from './find-peer.ts';

/** For node:test's `skip` option: false when one of the programs is there, else the reason. In CI a missing peer is an error. */
export function skipWithout(peer: string, ...names: readonly string[]): string | false {
  if (findPeer(...(names.length === 0 ? [peer] : names)) !== undefined) return false;
  const reason = `${peer} is not installed: npm run peers -- ${peer}`;
  if (process.env['CI']) throw new Error(`${reason} (CI must have it)`);
  return reason;
}
