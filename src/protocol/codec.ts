import type { ClientId } from '../base/ids.ts';
import { err, type Result } from '../base/result.ts';
import { CLIENT_MESSAGES, type ClientMessage, clientMessage } from './client-messages.ts';
import type { ErrorCode } from './errors.ts';
import * as f from './fields.ts';
import { parse, type Schema } from './schema.ts';
import { SERVER_MESSAGES, type ServerMessage, serverMessage } from './server-messages.ts';

/** Why a line is not a message. `id` is that of the refused message, where it had a usable one. */
export interface DecodeFault {
  readonly code: Extract<ErrorCode, 'bad_json' | 'bad_message' | 'unknown_type'>;
  readonly text: string;
  readonly id?: ClientId;
}

function decode<T>(line: string, types: Readonly<Record<string, unknown>>, schema: Schema<T>): Result<T, DecodeFault> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return err({ code: 'bad_json', text: 'this line is not JSON' });
  }
  const parsed = parse(schema, value);
  if (parsed.ok) return parsed;
  const type = ownField(value, 'type');
  const id = parse(f.id, ownField(value, 'id'));
  const withId = id.ok ? { id: id.value } : {};
  if (typeof type === 'string' && !Object.hasOwn(types, type))
    return err({ code: 'unknown_type', text: 'no message has this type', ...withId });
  return err({ code: 'bad_message', text: parsed.error, ...withId });
}

const ownField = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;

export const decodeClientMessage = (line: string): Result<ClientMessage, DecodeFault> =>
  decode(line, CLIENT_MESSAGES, clientMessage);

export const decodeServerMessage = (line: string): Result<ServerMessage, DecodeFault> =>
  decode(line, SERVER_MESSAGES, serverMessage);

/** One line with its newline. JSON escapes every newline inside, so the line is one line. */
export const encode = (message: ClientMessage | ServerMessage): string => `${JSON.stringify(message)}\n`;
