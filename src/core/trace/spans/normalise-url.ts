// Makes URLs comparable: what looks like an identifier becomes `*`, and so does every query value.

const hex = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{24})$/i;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Numbers, dotted numbers and `123-slug`. */
const numbered = /^\d+(?:\.\d+)*(?:-[\w-]+)?$/;

/** `http://shop/carts/17/lines?page=2` becomes `http://shop/carts/` + `*` + `/lines?page=*` (ANALYSIS.md 1.8, Sentry's rule). */
export function normaliseUrl(url: string): string {
  const [beforeFragment = ''] = url.slice(0, 2000).split('#', 1);
  const mark = beforeFragment.indexOf('?');
  const path = mark < 0 ? beforeFragment : beforeFragment.slice(0, mark);
  const origin = /^[a-z][a-z0-9+.-]*:\/\/[^/]*/i.exec(path)?.[0] ?? '';
  const segments = path
    .slice(origin.length)
    .split('/')
    .map((segment) => (hex.test(segment) || uuid.test(segment) || numbered.test(segment) ? '*' : segment));
  return origin + segments.join('/') + (mark < 0 ? '' : normaliseQuery(beforeFragment.slice(mark + 1)));
}

function normaliseQuery(query: string): string {
  if (query === '') return '';
  const keys = query.split('&').map((pair) => `${pair.split('=', 1)[0] ?? ''}=*`);
  return `?${keys.sort().join('&')}`;
}

/** Whether two URLs of one shape ask for the next page rather than for another thing: such a loop cannot be made parallel. */
export function isPaging(url: string): boolean {
  return /[?&](?:cursor|page_token|pageToken|next|continuation|after|starting_after|page|offset)=/i.test(url);
}
