import { complete, type JsonObject } from './complete.ts';

/** A user as answers embed it. */
export function user(login: string, id = 1): JsonObject {
  return complete('simple-user', { login, id, type: login.endsWith('[bot]') ? 'Bot' : 'User' });
}
