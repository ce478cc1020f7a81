// Which targets the service may drive load against: its own networks, and what the settings add by name.
import { BlockList, isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import type { Verification } from '../core/model/verification.ts';

/** RFC 1918, 4193, 3927, 4291 and 6598: addresses that no one on the internet owns. */
const ownNetworks = new BlockList();
for (const [network, bits] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
] as const)
  ownNetworks.addSubnet(network, bits, 'ipv4');
ownNetworks.addAddress('::1', 'ipv6');
ownNetworks.addSubnet('fc00::', 7, 'ipv6');
ownNetworks.addSubnet('fe80::', 10, 'ipv6');

/** Names without a dot are a cluster's or a compose file's; the endings are reserved for private use (RFC 6761, 6762, 9476; Kubernetes). */
const privateEndings = ['.localhost', '.local', '.internal', '.test', '.svc'];

/**
 * Why the verification may not be driven, in words; undefined when it may. Loopback, private addresses and private names are always allowed; others when
 * `allowed` has the host, or `*.` and an ending of it. Nothing is looked up: a name is judged by what it is called.
 */
export function targetRefusal(verification: Verification, allowed: readonly string[]): string | undefined {
  const hosts = hostsOf(verification);
  if (hosts.includes(undefined)) return 'the target, or a step that names another, is not a URL that can be read';
  const refused = hosts.find((host) => host !== undefined && !isPrivate(host) && !isListed(host, allowed));
  return refused === undefined
    ? undefined
    : `${refused} is not a target this service may drive load against; add it to allowedTargets in the service's settings if it is yours`;
}

/** The target's host, that of a proxy on the way, and those of steps that name another. */
function hostsOf({ workload }: Verification): readonly (string | undefined)[] {
  if (workload === undefined) return [];
  const paths = workload.scenarios.flatMap(({ steps }) => steps.map(({ path }) => path));
  const { proxy } = workload.transport ?? {};
  const ways = proxy === undefined ? [workload.target] : [workload.target, proxy];
  return [...ways, ...paths.flatMap((path) => /^https?:\/\/[^/?#]*/i.exec(path) ?? [])].map(hostOf);
}

/** As whoever connects reads it: an address written as one number is that address. Undefined for what is no URL. */
function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}

function isPrivate(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '');
  const family = isIP(address);
  if (family !== 0) return ownNetworks.check(address, family === 4 ? 'ipv4' : 'ipv6');
  return /^[\w-]+$/.test(host) || privateEndings.some((ending) => host.endsWith(ending));
}

function isListed(host: string, allowed: readonly string[]): boolean {
  return allowed
    .map((each) => domainToASCII(each) || each.toLowerCase())
    .some((each) => (each.startsWith('*.') ? host.endsWith(each.slice(1)) : host === each));
}
