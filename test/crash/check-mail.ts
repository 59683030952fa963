/** Mail that was taken is in its mailbox or has come to its device, in one place, and says what was sent. */
import type { Report } from './report.ts';
import type { Mail, Observation, Stored } from './trace.ts';

export function checkMail(trace: readonly Observation[], stored: Stored, report: Report): void {
  const sent = new Map<string, { readonly device: string; readonly body: string }>();
  const taken = new Set<string>();
  /** Where each stands in its mailbox, and what stands in each place. */
  const places = new Map<string, number>();
  const inPlace = new Map<string, string>();
  const last = new Map<string, number>();

  const see = (device: string, { n, id, from, body }: Mail): void => {
    const key = `${from} ${id}`;
    const before = places.get(key);
    if (before !== undefined && before !== n) report('mail doubled', `${key} is in the places ${before} and ${n}`);
    places.set(key, n);
    const other = inPlace.get(`${device} ${n}`);
    if (other !== undefined && other !== key) report('two orders', `place ${n} of ${device} is ${other} and ${key}`);
    inPlace.set(`${device} ${n}`, key);
    const was = sent.get(key);
    if (was === undefined) report('invented', `mail ${key}`);
    else if (was.body !== body || was.device !== device) report('text changed', `mail ${key}`);
  };

  for (const one of trace) {
    if (one.kind === 'mailAsked') sent.set(`${one.as} ${one.id}`, { device: one.device, body: one.body });
    else if (one.kind === 'mailed') taken.add(`${one.as} ${one.id}`);
    else if (one.kind === 'delivered') {
      see(one.device, one.mail);
      const stream = `${one.who}, connection ${one.session}`;
      const before = last.get(stream) ?? 0;
      if (one.mail.n <= before)
        report(
          one.mail.n === before ? 'mail doubled' : 'reordered',
          `${stream}: mail ${one.mail.n} came after ${before}`,
        );
      last.set(stream, one.mail.n);
    }
  }
  for (const [device, mailbox] of stored.mail) for (const mail of mailbox) see(device, mail);
  for (const key of taken) if (!places.has(key)) report('mail lost', key);
}
