// Lets a request through when its bearer token has the role; 401 without a valid token, 403 beyond the role.
import type { RequestHandler } from 'express';
import { mayActAs, type Role, roleOf, type Token } from './tokens.ts';

/** `Authorization: Bearer TOKEN`. */
export function authorize(tokens: readonly Token[], wanted: Role): RequestHandler {
  return (request, response, next) => {
    const presented = /^Bearer\s+(\S+)$/i.exec(request.get('authorization') ?? '')?.[1];
    const role = presented === undefined ? undefined : roleOf(presented, tokens);
    if (role === undefined) {
      response.set('www-authenticate', 'Bearer realm="faultline"');
      response
        .status(401)
        .json({ error: 'unauthorized', message: "send Authorization: Bearer with one of the service's tokens" });
      return;
    }
    if (!mayActAs(role, wanted)) {
      response
        .status(403)
        .json({ error: 'forbidden', message: `this needs the role ${wanted}, the token has ${role}` });
      return;
    }
    next();
  };
}
