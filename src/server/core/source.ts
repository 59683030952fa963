/**
 * Where somebody comes from, as limits and lock-outs count it: `uid 1001`, `10.0.0.7`, `2001:db8:1:2::/64`.
 *
 * All users of a shared host come from one address, so there the kernel tells them apart. One subscriber of an IPv6
 * network has a /64 at least (RFC 6177, 2), so the addresses of one are one source. A link-local address (RFC 4291,
 * 2.5.6) is the exception: its /64 is everybody on the cable, so there the address counts.
 *
 * @param host an IP address as Node writes it, IPv4-mapped ones too.
 * @param uid the Unix user id that owns the other end, where the kernel told.
 */
export function sourceOf(host: string, uid?: number): string {
  if (uid !== undefined) return `uid ${uid}`;
  const groups = parseIpv6(host);
  if (groups === undefined) return host;
  const mapped = ipv4Of(groups);
  if (mapped !== undefined) return mapped;
  const first = groups[0] ?? 0;
  const isLinkLocal = (first & 0xffc0) === 0xfe80;
  const isLoopback = groups.slice(0, 7).every((group) => group === 0) && groups[7] === 1;
  if (isLinkLocal || isLoopback) return showIpv6(groups);
  return `${showIpv6([...groups.slice(0, 4), 0, 0, 0, 0])}/64`;
}

export const isIpv6 = (text: string): boolean => parseIpv6(text) !== undefined;

/** `::ffff:10.0.0.7` (RFC 4291, 2.5.5.2). */
function ipv4Of(groups: readonly number[]): string | undefined {
  const [a, b, c, d, e, f, g = 0, h = 0] = groups;
  if ([a, b, c, d, e].some((group) => group !== 0) || f !== 0xffff) return undefined;
  return [g >> 8, g & 255, h >> 8, h & 255].join('.');
}

/** RFC 4291, 2.2; a zone (RFC 4007, 11.2) is left out. @returns eight numbers of 16 bits; undefined when it is no IPv6. */
function parseIpv6(text: string): number[] | undefined {
  const plain = (text.split('%')[0] ?? '').replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...quad: string[]) => {
    const [a = 256, b = 256, c = 256, d = 256] = quad.slice(0, 4).map(Number);
    return [a, b, c, d].every((byte) => byte <= 255)
      ? `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
      : 'x';
  });
  const halves = plain.split('::');
  if (!plain.includes(':') || halves.length > 2) return undefined;
  const [left = [], right = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - left.length - right.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...left, ...Array.from({ length: missing }, () => '0'), ...right];
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))
    ? groups.map((g) => Number.parseInt(g, 16))
    : undefined;
}

/** RFC 5952, 4: lower case, no leading zeros, the first of the longest runs of zeros (two at least) as `::`. */
function showIpv6(groups: readonly number[]): string {
  let [start, length] = [0, 1];
  for (let at = 0; at < groups.length; at++) {
    let end = at;
    while (groups[end] === 0) end += 1;
    if (end - at > length) [start, length] = [at, end - at];
  }
  const show = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  return length < 2 ? show(groups) : `${show(groups.slice(0, start))}::${show(groups.slice(start + length))}`;
}
