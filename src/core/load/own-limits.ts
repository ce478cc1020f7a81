// Limits of the machine that the generator runs on, which look like a target that refuses connections.

export type OwnLimit = 'EMFILE' | 'ENFILE' | 'EADDRNOTAVAIL' | 'ENOBUFS';

const ADVICE: Readonly<Record<OwnLimit, string>> = Object.freeze({
  EMFILE: 'this process may open no more files; raise the limit (ulimit -n) or use fewer connections',
  ENFILE: 'this machine may open no more files; raise fs.file-max or use fewer connections',
  EADDRNOTAVAIL:
    'this machine has no free local port; use fewer connections, keep them alive, or widen net.ipv4.ip_local_port_range',
  ENOBUFS: 'this machine has no memory for more sockets; use fewer connections or raise net.ipv4.tcp_mem',
});

const CODES = new RegExp(`\\b(?:${Object.keys(ADVICE).join('|')})\\b`);

/** The limit that the message of a failed connection names; undefined when it was not ours. */
export function ownLimitIn(message: string): OwnLimit | undefined {
  return CODES.exec(message)?.[0] as OwnLimit | undefined;
}

/** What to do about it. */
export function ownLimitReason(limit: OwnLimit, requests: number): string {
  return `${requests} ${requests === 1 ? 'request' : 'requests'} got no connection (${limit}): ${ADVICE[limit]}. The target never saw them`;
}
