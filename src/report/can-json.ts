import type { DecidedRequest, DecideResult } from '#posture/can/decided.js';

/** A decision as a value; fields that have nothing to say are left out by JSON itself. */
function toJson({ index, id, environment, verdict, stage, by, ...rest }: DecidedRequest): unknown {
  const { service, connection, problem, request, chain, missing } = rest;
  return {
    index,
    id,
    environment,
    verdict,
    stage,
    by,
    service,
    connection,
    problem,
    request,
    chain,
    missing,
  };
}

/** All decisions in one JSON document, with what was assumed and what could not be read. */
export function renderCanJson({ decisions, ...result }: DecideResult): string {
  return `${JSON.stringify({ ...result, decisions: decisions.map(toJson) }, undefined, 2)}\n`;
}

/** One decision a line, in the order asked. */
export function renderCanLines({ decisions }: DecideResult): string {
  return decisions.map((decision) => `${JSON.stringify(toJson(decision))}\n`).join('');
}
