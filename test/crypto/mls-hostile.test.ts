/** What somebody does who has the library and doesn't keep our rules: the server, a stranger, the other participant. */
import {
  type ClientState,
  type CreateCommitOptions,
  createApplicationMessage,
  createCommit,
  createGroupInfoWithExternalPubAndRatchetTree,
  createProposal,
  joinGroupExternal,
  makeCustomExtension,
  type Proposal,
} from 'ts-mls';
import { describe, expect, test, vi } from 'vitest';
import { unixMs } from '../../src/base/ids.ts';
import type { Party } from '../../src/crypto/e2ee-session.ts';
import { headerBytes, NO_MESSAGE } from '../../src/crypto/mls-header.ts';
import { MAX_ITEM_BYTES, MAX_PACKAGE_BYTES } from '../../src/crypto/mls-suite.ts';
import {
  add,
  asPackage,
  at,
  free,
  groupOf,
  packageFor,
  packageIn,
  parsed,
  tampering,
  welcomeFrom,
  written,
} from './attacker.ts';
import {
  bytes,
  clock,
  codeOf,
  device,
  good,
  identity,
  name,
  newGroup,
  nextHeader,
  pair,
  read,
  stolen,
} from './pair.ts';

const party = (user: string): Party => ({ user: name(user), device: identity(user).device });
/** With a pre-shared key by the name of x. */
const withSecret = async () => ({
  ...(await free()),
  externalPsks: { [Buffer.from('x').toString('base64')]: new Uint8Array(32) },
});
const DAY_S = 24n * 3600n;
const now = (): bigint => BigInt(Math.floor(Date.now() / 1000));

describe('a key package', () => {
  test('that the server exchanged for another’s is refused, whatever name is on it', async () => {
    const alice = await device('alice');
    for (const claimed of ['mallory', 'bob']) {
      const { publicPackage } = await packageFor(claimed, 'mallory');
      expect(codeOf(await alice.create(newGroup(), party('bob'), asPackage(publicPackage)))).toBe('wrong_key');
      expect(good(await alice.readPackage(asPackage(publicPackage))).device).toBe(identity('mallory').device);
    }
  });

  test('of the right device under another name is refused', async () => {
    const { publicPackage } = await packageFor('robert', 'bob');
    expect(codeOf(await (await device('alice')).create(newGroup(), party('bob'), asPackage(publicPackage)))).toBe(
      'wrong_key',
    );
  });

  test.each([
    ['the package', 'signature'],
    ['the leaf', 'leaf'],
  ] as const)('whose signature of %s is not its device’s is refused', async (_, which) => {
    const alice = await device('alice');
    const { publicPackage } = await packageFor('bob', 'bob');
    const other = (await packageFor('bob', 'bob')).publicPackage;
    const forged =
      which === 'signature'
        ? { ...publicPackage, signature: other.signature }
        : { ...publicPackage, leafNode: { ...publicPackage.leafNode, signature: other.leafNode.signature } };
    expect(codeOf(await alice.readPackage(asPackage(forged)))).toBe('wrong_key');
    expect(codeOf(await alice.create(newGroup(), party('bob'), asPackage(forged)))).toBe('wrong_key');
  });

  test('whose leaf alone isn’t signed by its device is refused', async () => {
    const honest = (await free()).cipherSuite;
    const signed: Uint8Array[] = [];
    const sign = async (key: Uint8Array, message: Uint8Array) => {
      signed.push(message);
      // The leaf is signed first.
      return signed.length === 1 ? new Uint8Array(64).fill(1) : honest.signature.sign(key, message);
    };
    const cipherSuite = { ...honest, signature: { ...honest.signature, sign } };
    const { publicPackage } = await packageFor('bob', 'bob', { cipherSuite });
    expect(signed.map((message) => Buffer.from(message).includes('LeafNodeTBS'))).toEqual([true, false]);
    expect(codeOf(await (await device('alice')).readPackage(asPackage(publicPackage)))).toBe('wrong_key');
  });

  test('that is good but too long is refused', async () => {
    const alice = await device('alice');
    const of = async (count: number) => {
      const suites: number[] = Array.from({ length: count }, () => 1);
      const capabilities = {
        versions: [1 as const],
        ciphersuites: suites,
        extensions: [],
        proposals: [],
        credentials: [1],
      };
      const bytes = asPackage((await packageFor('bob', 'bob', { capabilities })).publicPackage);
      return [codeOf(await alice.readPackage(bytes)), bytes.length > MAX_PACKAGE_BYTES];
    };
    expect(await of(200)).toEqual(['ok', false]);
    expect(await of(300)).toEqual(['malformed', true]);
  });

  test('with another’s keys inside, under the owner’s old signatures, is refused', async () => {
    const [mine, theirs] = [await packageFor('bob', 'bob'), await packageFor('bob', 'mallory')];
    const forged = { ...mine.publicPackage, initKey: theirs.publicPackage.initKey };
    expect(codeOf(await (await device('alice')).readPackage(asPackage(forged)))).toBe('wrong_key');
  });

  test.each([
    ['another version of MLS', [0, 1]],
    ['another wire format', [2, 3]],
    ['another version inside', [4, 5]],
    ['another suite', [6, 7]],
  ])('with %s is refused', async (_, places) => {
    const message = asPackage((await packageFor('bob', 'bob')).publicPackage);
    for (const value of [0, 2, 3, 4]) {
      const changed = Uint8Array.from(message);
      changed[places[1] ?? 0] = value;
      expect(codeOf(await (await device('alice')).readPackage(changed))).toBe('malformed');
    }
  });

  test('signed for another suite, or with extras, is refused', async () => {
    const alice = await device('alice');
    const plain = { versions: [1 as const], ciphersuites: [1], extensions: [], proposals: [], credentials: [1] };
    const odd: Parameters<typeof packageFor>[2][] = [
      { capabilities: { ...plain, ciphersuites: [2, 3] } },
      { capabilities: { ...plain, extensions: [0x0a0a] } },
      { capabilities: { ...plain, proposals: [0x0a0a] } },
      { capabilities: { ...plain, credentials: [2] } },
      { extensions: [makeCustomExtension({ extensionType: 0x0a0a, extensionData: new Uint8Array(0) })] },
      { leafNodeExtensions: [{ extensionType: 1 as const, extensionData: new Uint8Array(1) }] },
    ];
    for (const more of odd) {
      const { publicPackage } = await packageFor('bob', 'bob', more);
      expect(codeOf(await alice.readPackage(asPackage(publicPackage)))).toBe('malformed');
    }
    expect(codeOf(await alice.readPackage(asPackage((await packageFor('bob', 'bob')).publicPackage)))).toBe('ok');
  });

  test('that is over, not yet good, or good for ever is refused', async () => {
    const alice = await device('alice');
    const of = async (notBefore: bigint, notAfter: bigint) => {
      const { publicPackage } = await packageFor('bob', 'bob', { lifetime: { notBefore, notAfter } });
      return codeOf(await alice.readPackage(asPackage(publicPackage)));
    };
    expect(await of(now() - DAY_S, now() - 60n)).toBe('expired');
    expect(await of(now() + 60n, now() + DAY_S)).toBe('expired');
    expect(await of(0n, 0xffff_ffff_ffff_ffffn)).toBe('malformed');
    expect(await of(now() - DAY_S, now() + 90n * DAY_S)).toBe('ok');
  });

  test('of ours is good for 90 days, also for somebody whose clock is a day behind', async () => {
    const start = Date.now();
    const own = await (await device('bob')).makePackage();
    const after = async (days: number) => {
      const time = start + days * Number(DAY_S) * 1000;
      vi.useFakeTimers({ now: time, toFake: ['Date'] });
      const alice = await device('alice', { ...clock, now: () => unixMs(time) });
      const code = codeOf(await alice.create(newGroup(), party('bob'), own.public));
      vi.useRealTimers();
      return code;
    };
    expect([await after(-0.99), await after(0), await after(89.9)]).toEqual(['ok', 'ok', 'ok']);
    expect([await after(-1.1), await after(90.1)]).toEqual(['expired', 'expired']);
  });

  test('with a key of small order is refused, without an exception', async () => {
    const honest = (await free()).cipherSuite;
    const zero = { ...honest, hpke: { ...honest.hpke, exportPublicKey: async () => new Uint8Array(32) } };
    const { publicPackage } = await packageFor('bob', 'bob', { cipherSuite: zero });
    expect(codeOf(await (await device('alice')).create(newGroup(), party('bob'), asPackage(publicPackage)))).not.toBe(
      'ok',
    );
  });

  test('of our own device makes no session with ourselves', async () => {
    const alice = await device('alice');
    const own = await alice.makePackage();
    expect(codeOf(await alice.create(newGroup(), alice.us, own.public))).toBe('reflected');
  });

  test('of ours says nothing about this program but what it must', async () => {
    const lengths = new Set<number>();
    const bob = await device('bob');
    for (let i = 0; i < 20; i++) lengths.add((await bob.makePackage()).public.length);
    expect(lengths.size).toBe(1);
  });
});

describe('a Welcome', () => {
  const setting = async () => {
    const [bob, group] = [await device('bob'), newGroup()];
    const own = await bob.makePackage();
    const alice = await packageFor('alice', 'alice');
    return { bob, group, own, toBob: add(packageIn(own.public)), alone: await groupOf(group, alice) };
  };

  test('of the library alone, made by our rules, is good', async () => {
    const { bob, group, own, toBob, alone } = await setting();
    const { welcome } = await welcomeFrom(alone, [toBob]);
    expect(codeOf(await bob.join(group, party('alice'), welcome, own))).toBe('ok');
  });

  test('to another group than was said is refused', async () => {
    const { bob, own, toBob, alone } = await setting();
    const { welcome } = await welcomeFrom(alone, [toBob]);
    expect(codeOf(await bob.join(newGroup(), party('alice'), welcome, own))).toBe('unwanted');
  });

  test.each([
    ['the device', 'alice', 'mallory'],
    ['the name', 'alicia', 'alice'],
  ])('from somebody who is not %s that was expected is refused', async (_, claimed, signer) => {
    const { bob, group, own, toBob } = await setting();
    const { welcome } = await welcomeFrom(await groupOf(group, await packageFor(claimed, signer)), [toBob]);
    expect(codeOf(await bob.join(group, party('alice'), welcome, own))).toBe('wrong_key');
  });

  test('to a group with a third member is refused, also where the third’s part was cut out', async () => {
    const { bob, group, own, toBob, alone } = await setting();
    const carol = (await packageFor('carol', 'carol')).publicPackage;
    for (const proposals of [
      [toBob, add(carol)],
      [add(carol), toBob],
    ]) {
      const { welcome } = await welcomeFrom(alone, proposals);
      expect(codeOf(await bob.join(group, party('alice'), welcome, own))).toBe('unwanted');
      expect(codeOf(bob.welcomeRefs(welcome))).toBe('unwanted');
      const message = parsed(welcome);
      if (message.wireformat !== 3) throw new Error('no Welcome');
      for (const secret of message.welcome.secrets) {
        const cut = written({ ...message, welcome: { ...message.welcome, secrets: [secret] } });
        expect(codeOf(await bob.join(group, party('alice'), cut, own))).not.toBe('ok');
      }
    }
  });

  test('to a group that has been used before is refused', async () => {
    const { bob, group, own, toBob, alone } = await setting();
    const carol = (await packageFor('carol', 'carol')).publicPackage;
    const two = await welcomeFrom(alone, [add(carol)]);
    const one = await welcomeFrom(two.state, [{ proposalType: 3, remove: { removed: 1 } }]);
    const { welcome } = await welcomeFrom(one.state, [toBob]);
    expect(codeOf(await bob.join(group, party('alice'), welcome, own))).toBe('unwanted');
  });

  test('to a group with extensions is refused', async () => {
    const { bob, group, own, toBob } = await setting();
    const alice = await packageFor('alice', 'alice');
    const required = { extensionTypes: [], proposalTypes: [], credentialTypes: [1] };
    const alone = await groupOf(group, alice, [{ extensionType: 3, extensionData: required }]);
    const { welcome } = await welcomeFrom(alone, [toBob]);
    expect(codeOf(await bob.join(group, party('alice'), welcome, own))).toBe('unwanted');
  });

  test('with more in it than the tree, or without the tree, is refused', async () => {
    const { bob, group, own, toBob, alone } = await setting();
    const more = await welcomeFrom(alone, [toBob], {
      groupInfoExtensions: [{ extensionType: 4, extensionData: new Uint8Array(32) }],
    });
    expect(codeOf(await bob.join(group, party('alice'), more.welcome, own))).toBe('unwanted');
    const seen: Uint8Array[] = [];
    const seeing = await tampering((plain) => {
      seen.push(plain);
      return plain;
    });
    await welcomeFrom(alone, [toBob], { context: await free(seeing) });
    const infos = seen.filter((plain) => Buffer.from(plain).includes(packageIn(own.public).leafNode.hpkePublicKey));
    const info = parsed(Uint8Array.from([0, 1, 0, 4, ...(infos.at(-1) ?? [])]));
    if (info.wireformat !== 4) throw new Error('no group info');
    const behind = await welcomeFrom(alone, [toBob], {
      ratchetTreeExtension: false,
      groupInfoExtensions: [...info.groupInfo.extensions, { extensionType: 4, extensionData: new Uint8Array(32) }],
    });
    expect(codeOf(await bob.join(group, party('alice'), behind.welcome, own))).toBe('unwanted');
    const same = await welcomeFrom(alone, [toBob], {
      ratchetTreeExtension: false,
      groupInfoExtensions: info.groupInfo.extensions,
    });
    expect(codeOf(await bob.join(group, party('alice'), same.welcome, own))).toBe('ok');
    const less = await welcomeFrom(alone, [toBob], { ratchetTreeExtension: false });
    expect(codeOf(await bob.join(group, party('alice'), less.welcome, own))).toBe('unwanted');
  });

  test('that brings a pre-shared key is refused', async () => {
    const { bob, group, own, toBob, alone } = await setting();
    const psk: Proposal = {
      proposalType: 4,
      psk: { preSharedKeyId: { psktype: 1, pskId: bytes('x'), pskNonce: new Uint8Array(32) } },
    };
    const { welcome } = await welcomeFrom(alone, [toBob, psk], { context: await withSecret() });
    expect(codeOf(await bob.join(group, party('alice'), welcome, own))).not.toBe('ok');
  });

  test('that has another leaf of ours in its tree than that of the package is refused', async () => {
    const { bob, group, own, alone } = await setting();
    const older = await bob.makePackage();
    const { welcome } = await welcomeFrom(alone, [add(packageIn(own.public))], {
      context: await free(
        await tampering((plain) => {
          const [from, to] = [packageIn(own.public).leafNode, packageIn(older.public).leafNode];
          const copy = Buffer.from(plain);
          const place = copy.indexOf(from.hpkePublicKey);
          if (place > 0) copy.set(to.hpkePublicKey, place);
          return Uint8Array.from(copy);
        }),
      ),
    });
    expect(codeOf(await bob.join(group, party('alice'), welcome, own))).toBe('unwanted');
    expect(codeOf(await bob.join(group, party('alice'), welcome, older))).toBe('broken');
  });

  test('whose tree leads an index out of the tree is refused at once, not followed', async () => {
    const { bob, group, own, toBob, alone } = await setting();
    let changed = false;
    const { welcome } = await welcomeFrom(alone, [toBob], {
      context: await free(
        await tampering((plain) => {
          // The blank node between the leaves becomes a parent with an unmerged leaf far away.
          const head = plain.subarray(0, 4);
          const parent = [1, 2, 32, ...new Uint8Array(32).fill(9), 0, 4, 0x7f, 0xff, 0xff, 0xff];
          const mark = Buffer.from([0, 1, 1, 32, ...packageIn(own.public).leafNode.hpkePublicKey]);
          const place = Buffer.from(plain).indexOf(mark);
          if (place < 0 || head.length < 4) return plain;
          changed = true;
          return Uint8Array.from([...plain.subarray(0, place), ...parent, ...plain.subarray(place + 1)]);
        }),
      ),
    });
    expect(changed).toBe(true);
    expect(codeOf(await bob.join(group, party('alice'), welcome, own))).not.toBe('ok');
  });

  test('of another version, suite or wire format is refused', async () => {
    const { bob, group, own, toBob, alone } = await setting();
    const { welcome } = await welcomeFrom(alone, [toBob]);
    for (const place of [1, 3, 5]) {
      const changed = Uint8Array.from(welcome);
      changed[place] = 2;
      expect(codeOf(await bob.join(group, party('alice'), changed, own))).toBe('malformed');
      expect(codeOf(bob.welcomeRefs(changed))).toBe('malformed');
    }
  });

  test('for another package of ours is refused, and names which one it is for', async () => {
    const { bob, group, own, toBob, alone } = await setting();
    const { welcome } = await welcomeFrom(alone, [toBob]);
    expect(good(bob.welcomeRefs(welcome))).toEqual([own.ref]);
    const other = await bob.makePackage();
    expect(codeOf(await bob.join(group, party('alice'), welcome, other))).toBe('broken');
  });
});

describe('the other participant', () => {
  /** Bob, whose turn it is, without our rules. */
  const setting = async () => {
    const { a, b, group, alice, bob } = await pair();
    return { a, b, group, alice, bob, state: stolen(b, 'bob'), header: nextHeader(b, 'bob') };
  };
  const commit = async (state: ClientState, options: CreateCommitOptions) =>
    (await createCommit({ context: await withSecret(), state, ...options })).commit;

  test('of the library alone, by our rules, is understood', async () => {
    const { a, state, header } = await setting();
    expect(await read(a, at(1, await commit(state, { authenticatedData: header })))).toBe('(rekey)');
  });

  const psk = { psktype: 1, pskId: bytes('x'), pskNonce: new Uint8Array(32) } as const;
  test.each<[string, (group: Uint8Array) => Promise<Proposal>]>([
    ['Add', async () => add((await packageFor('carol', 'carol')).publicPackage)],
    ['Remove', async () => ({ proposalType: 3, remove: { removed: 0 } })],
    ['PreSharedKey', async () => ({ proposalType: 4, psk: { preSharedKeyId: psk } })],
    [
      'ReInit',
      async (groupId) => ({ proposalType: 5, reinit: { groupId, version: 1, cipherSuite: 1, extensions: [] } }),
    ],
    ['GroupContextExtensions', async () => ({ proposalType: 7, groupContextExtensions: { extensions: [] } })],
    ['custom', async () => ({ proposalType: 0xf000, proposalData: new Uint8Array(3) })],
  ])('can propose nothing, alone or in a commit: %s', async (_, make) => {
    const { a, b, state, header } = await setting();
    const proposal = await make(state.groupContext.groupId);
    const alone = await createProposal({ context: await free(), state, proposal, authenticatedData: header });
    expect(await read(a, at(1, alone.message))).toBe('unwanted');
    const before = a.save();
    const brought = await commit(state, { authenticatedData: header, extraProposals: [proposal] });
    expect(await read(a, at(1, brought))).toBe('unwanted');
    const { unappliedProposals } = alone.newState;
    const referred = await commit({ ...state, unappliedProposals }, { authenticatedData: header });
    expect(await read(a, at(1, referred))).toBe('unwanted');
    expect(Buffer.compare(a.save(), before)).toBe(0);
    expect(await read(a, await b.seal(bytes('goes on')))).toBe('goes on');
  });

  test('can’t bring a third member in by any way, and the roster stays', async () => {
    const { a, b, state, header } = await setting();
    const carol = (await packageFor('carol', 'carol')).publicPackage;
    const brought = await commit(state, { authenticatedData: header, extraProposals: [add(carol)] });
    expect(await read(a, at(1, brought))).toBe('unwanted');
    expect(stolen(a, 'alice').ratchetTree.length).toBe(3);
    expect(await read(a, await b.rekey())).toBe('(rekey)');
  });

  test('can’t make a commit of proposals that send us round for ever', async () => {
    const { a, state, header } = await setting();
    // ExternalInit, and Remove of a leaf far away; no path (RFC 9420, 12.1).
    const proposals = [1, 0, 6, 1, 0, 1, 0, 3, 0x3f, 0xff, 0xff, 0xff];
    const evil = await tampering((plain) =>
      plain.length === 12 ? plain : Uint8Array.from([proposals.length, ...proposals, 0, 0x40, 64, ...Buffer.alloc(64)]),
    );
    const made = await createCommit({ context: await free(evil), state, authenticatedData: header });
    expect(await read(a, at(1, made.commit))).toBe('unwanted');
  });

  test('can’t commit without new keys', async () => {
    const { a, state, header } = await setting();
    const evil = await tampering((plain) =>
      plain.length === 12 ? plain : Uint8Array.from([0, 0, 0x40, 64, ...Buffer.alloc(64), 32, ...Buffer.alloc(32)]),
    );
    const made = await createCommit({ context: await free(evil), state, authenticatedData: header });
    expect(await read(a, at(1, made.commit))).toBe('unwanted');
  });

  test('can’t commit out of turn', async () => {
    const { a, b } = await pair();
    const mine = await commit(stolen(a, 'alice'), { authenticatedData: nextHeader(a, 'alice') });
    expect(await read(b, at(1, mine))).toBe('unwanted');
    expect(await read(a, await b.rekey())).toBe('(rekey)');
    const again = await commit(stolen(b, 'bob'), { authenticatedData: nextHeader(b, 'bob') });
    expect(await read(a, at(2, again))).toBe('unwanted');
  });

  test('can’t commit for another place, or without saying for which', async () => {
    const { a, state, header, group } = await setting();
    const wrong = [
      new Uint8Array(0),
      header.subarray(1),
      headerBytes({ from: party('alice').device, group, seq: 1, previous: NO_MESSAGE }),
      headerBytes({ from: party('bob').device, group: newGroup(), seq: 1, previous: NO_MESSAGE }),
      headerBytes({ from: party('bob').device, group, seq: 2, previous: NO_MESSAGE }),
      headerBytes({ from: party('bob').device, group, seq: 1, previous: new Uint8Array(32).fill(1) }),
    ];
    for (const authenticatedData of wrong)
      expect(await read(a, at(1, await commit(state, { authenticatedData })))).toBe('broken');
    expect(await read(a, at(1, await commit(state, { authenticatedData: header })))).toBe('(rekey)');
  });

  test('can’t exchange its identity for another’s in a commit', async () => {
    for (const [claimed, signer] of [
      ['bob', 'mallory'],
      ['robert', 'bob'],
      ['alice', 'bob'],
    ] as const) {
      const { a, b, state, header } = await setting();
      const leaf = (await packageFor(claimed, signer)).publicPackage.leafNode;
      const ratchetTree = state.ratchetTree.with(2, { nodeType: 1, leaf: { ...leaf } });
      const forged = { ...state, ratchetTree };
      const made = await commit(forged, { authenticatedData: header });
      expect(['broken', 'wrong_key']).toContain(await read(a, at(1, made)));
      expect(await read(a, await b.seal(bytes('still bob')))).toBe('still bob');
    }
  });

  test('can’t use the wire format that is readable for everybody', async () => {
    const { a, state, header } = await setting();
    const made = await commit(state, { authenticatedData: header, wireAsPublicMessage: true });
    expect(await read(a, at(1, made))).toBe('malformed');
    const proposal: Proposal = { proposalType: 3, remove: { removed: 0 } };
    const open = await createProposal({ context: await free(), state, proposal, wireAsPublicMessage: true });
    expect(await read(a, at(1, open.message))).toBe('malformed');
  });

  test('can’t let a third in from outside', async () => {
    const { a, state } = await setting();
    const { cipherSuite } = await free();
    const info = await createGroupInfoWithExternalPubAndRatchetTree(state, [], cipherSuite);
    const carol = await packageFor('carol', 'carol');
    const joined = await joinGroupExternal({
      context: await free(),
      groupInfo: info,
      keyPackage: carol.publicPackage,
      privateKeys: carol.privatePackage,
      resync: false,
    });
    const message = written({ version: 1, wireformat: 1, publicMessage: joined.publicMessage });
    expect(await read(a, { seq: 1, message })).toBe('malformed');
  });

  const say = async (state: ClientState, message: Uint8Array, authenticatedData: Uint8Array = new Uint8Array(0)) =>
    createApplicationMessage({ context: await free(), state, message, authenticatedData });

  test('can’t say something in another’s name, chat or place', async () => {
    const { a, b, state, group } = await setting();
    const truth = { from: party('bob').device, group, seq: 1, previous: NO_MESSAGE };
    const lies = [
      { ...truth, from: party('alice').device },
      { ...truth, from: party('carol').device },
      { ...truth, group: newGroup() },
      { ...truth, seq: 2 },
      { ...truth, previous: new Uint8Array(32).fill(1) },
    ];
    for (const lie of lies) {
      const made = await say(state, Uint8Array.from([...headerBytes(lie), ...bytes('lie')]));
      expect(await read(a, at(1, made.message))).toBe('broken');
    }
    expect(await read(a, await b.seal(bytes('truth')))).toBe('truth');
  });

  test('can’t say something without a header, or with another beside it', async () => {
    const { a, state, header } = await setting();
    expect(await read(a, at(1, (await say(state, bytes('bare'))).message))).toBe('broken');
    expect(await read(a, at(1, (await say(state, header.subarray(0, -1))).message))).toBe('broken');
    expect(await read(a, at(1, (await say(state, header, header)).message))).toBe('broken');
    expect(await read(a, at(1, (await say(state, header)).message))).toBe('');
  });

  test('can’t say more than fits', async () => {
    const { a, state, header } = await setting();
    const long = Uint8Array.from([...header, ...new Uint8Array(MAX_ITEM_BYTES + 1)]);
    expect(await read(a, at(1, (await say(state, long)).message))).toBe('malformed');
    const tooLong = Uint8Array.from([...header, ...new Uint8Array(20_000)]);
    expect(await read(a, at(1, (await say(state, tooLong)).message))).toBe('malformed');
  });

  test('can’t skip keys', async () => {
    const { a, b, state, header } = await setting();
    const skipped = await say((await say(state, header)).newState, header);
    expect(await read(a, at(1, skipped.message))).toBe('missing');
    expect(await read(a, await b.seal(bytes('in order')))).toBe('in order');
  });

  test.each([0, 2, 3, 0x3fff_ffff, 0x7fff_ffff, 0xffff_ffff])(
    'can’t send as a leaf that isn’t its own, or nobody’s: %i',
    async (leaf) => {
      const { a, state, header } = await setting();
      const evil = await tampering((plain) => {
        if (plain.length !== 12) return plain;
        const changed = Uint8Array.from(plain);
        new DataView(changed.buffer).setUint32(0, leaf);
        return changed;
      });
      const made = await createApplicationMessage({ context: await free(evil), state, message: header });
      expect(await read(a, at(1, made.message))).toBe(leaf === 0 ? 'reflected' : 'broken');
    },
  );

  test('can’t pass on what we said as its own', async () => {
    const { a, b, group } = await setting();
    await a.seal(bytes('x'));
    // Alice's header, sealed by Bob.
    const header = headerBytes({ from: a.us.device, group, seq: 1, previous: NO_MESSAGE });
    expect(await read(a, at(1, (await say(stolen(b, 'bob'), header)).message))).toBe('broken');
  });

  test('sends Welcomes, packages and group infos in vain', async () => {
    const { a, alice, bob } = await setting();
    const own = await bob.makePackage();
    const { welcome } = good(await alice.create(newGroup(), bob.us, own.public));
    const { cipherSuite } = await free();
    const groupInfo = await createGroupInfoWithExternalPubAndRatchetTree(stolen(a, 'alice'), [], cipherSuite);
    for (const message of [own.public, welcome, written({ version: 1, wireformat: 4, groupInfo })])
      expect(await read(a, { seq: 1, message })).toBe('malformed');
  });
});
