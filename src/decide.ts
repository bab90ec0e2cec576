import type { FieldRef, Locate, Location, Resource } from '#documents/document.js';
import type { JsonValue } from '#documents/json.js';
import { effectivePolicies } from '#policy/effective-policies.js';
import type { EffectivePolicies } from '#policy/policies.js';
import { productsWith } from '#policy/waf/merge-products.js';
import type { AccessRequest } from '#policy/request/access-request.js';
import type { DecideOptions as Circumstances } from '#policy/request/request-decision.js';
import type { AccessDecision } from '#posture/can/access-decision.js';
import { ask } from '#posture/can/ask.js';
import { decideAsked, readAskedRequest } from '#posture/can/asked-request.js';
import type { DecidedRequest, DecideResult } from '#posture/can/decided.js';
import type { Misnamed } from '#posture/can/named.js';
import type { Outcome, Question } from '#posture/can/question.js';
import type { InputOptions } from './load-meshes.js';
import { byPlace, describeEnvironment, loadMeshes } from './load-meshes.js';
import { version } from './version.js';

/** What to decide, on which manifests. */
export interface DecideOptions extends InputOptions {
  /** Requests as JSON: `from`, `to`, `http`, `token` …, as `can --requests` reads them. */
  readonly requests?: readonly JsonValue[];
  /** Requests by names, as `can <from> <to>` asks them; numbered after `requests`. */
  readonly questions?: readonly Question[];
  /** What every external authorizer answers; without it a request that one is asked about is unknown. */
  readonly extAuthz?: 'allow' | 'deny';
}

/** A question whose names mean nothing in any environment; with the names that they may have meant. */
export class MisnamedError extends Error {
  override readonly name = 'MisnamedError';
  readonly misnamed: Misnamed;

  constructor(misnamed: Misnamed) {
    super(misnamed.problem);
    this.misnamed = misnamed;
  }
}

/**
 * Decides requests on manifests: whether the workload they are sent to lets them in, and by which chain of stages. Bad
 * input becomes `problems`, a request that cannot be read an unknown decision with its `problem`.
 *
 * @throws MisnamedError when a question names a caller or target that no environment holds.
 * @throws TypeError when neither paths nor sources are given.
 */
export async function decide(options: DecideOptions): Promise<DecideResult> {
  const { loaded, meshes, problems } = await loadMeshes(options);
  const wafProducts = productsWith(options.wafProducts);
  const every = meshes.map((mesh) => effectivePolicies(mesh, { wafProducts }));
  const { requests = [], questions = [], extAuthz } = options;
  const circumstances: Circumstances =
    extAuthz === undefined ? {} : { authorizer: () => extAuthz === 'allow' };
  const teller = createTeller(loaded.locate);
  const read = requests.flatMap((request, index) =>
    decideOne(every, { request, index }, { circumstances, teller }),
  );
  const asked = questions.flatMap((question, index) =>
    askOne(every, { question, index: requests.length + index }, { circumstances, teller }),
  );
  return {
    schemaVersion: 1,
    tool: { name: 'meshaudit', version },
    environments: meshes
      .map((mesh) => describeEnvironment(mesh, loaded))
      .map(({ name, scope, assumptions }) => ({
        name,
        scope,
        assumptions,
      })),
    problems: [...problems].sort(byPlace),
    decisions: [...read, ...asked],
  };
}

/** Turns decisions into words and places. */
interface Teller {
  readonly locate: Locate;
}

interface Aids {
  readonly circumstances: Circumstances;
  readonly teller: Teller;
}

/** Remembers places: many requests are decided by few policies. */
function createTeller(locate: Locate): Teller {
  const kept = new WeakMap<Resource, Map<string, Location>>();
  return {
    locate: (at) => {
      const places = kept.get(at.resource) ?? new Map<string, Location>();
      kept.set(at.resource, places);
      const key = at.path.join('\0');
      const place = places.get(key) ?? locate(at);
      places.set(key, place);
      return place;
    },
  };
}

function nameOf({ mesh }: EffectivePolicies, { resource }: FieldRef): string {
  const namespace = mesh.namespaceOf(resource);
  return `${resource.kind} ${namespace === '' ? resource.name : `${namespace}/${resource.name}`}`;
}

function tell(
  policies: EffectivePolicies,
  decision: AccessDecision,
  { teller }: Aids,
): Pick<DecidedRequest, 'verdict' | 'stage' | 'by' | 'chain' | 'missing' | 'problem' | 'environment'> {
  const { verdict, stage, by, chain, missing } = decision;
  return {
    environment: policies.mesh.environment,
    verdict,
    stage,
    by: by && { policy: by.policy, rule: by.rule, location: by.at && teller.locate(by.at) },
    chain: chain.map((step) => ({
      proxy: step.proxy,
      stage: step.stage,
      outcome: step.outcome,
      note: step.note,
      resource: step.at && nameOf(policies, step.at),
      location: step.at && teller.locate(step.at),
    })),
    missing,
    problem: undefined,
  };
}

function unasked(index: number, request: AccessRequest | undefined, problem: string): DecidedRequest {
  const nothing = { stage: undefined, by: undefined };
  const unmet = { service: undefined, gateway: undefined, connection: undefined };
  const id = request?.id;
  return {
    index,
    id,
    environment: '',
    request,
    ...nothing,
    ...unmet,
    verdict: 'unknown',
    chain: [],
    missing: [],
    problem,
  };
}

function decideOne(
  every: readonly EffectivePolicies[],
  { request: json, index }: { readonly request: JsonValue; readonly index: number },
  aids: Aids,
): readonly DecidedRequest[] {
  const asked = readAskedRequest(json);
  if (typeof asked === 'string') return [unasked(index, undefined, asked)];
  const found: DecidedRequest[] = [];
  let misnamed: Misnamed | undefined;
  for (const policies of every) {
    const outcomes = decideAsked(policies, asked, aids.circumstances);
    if ('problem' in outcomes) misnamed ??= outcomes;
    else found.push(...outcomes.map((outcome) => toDecided(policies, outcome, { index, aids })));
  }
  if (found.length > 0 || misnamed === undefined) return found;
  return [unasked(index, asked.request, misnamed.problem)];
}

function askOne(
  every: readonly EffectivePolicies[],
  { question, index }: { readonly question: Question; readonly index: number },
  aids: Aids,
): readonly DecidedRequest[] {
  const found: DecidedRequest[] = [];
  let misnamed: Misnamed | undefined;
  for (const policies of every) {
    const outcomes = ask(policies, question, aids.circumstances);
    if ('problem' in outcomes) misnamed ??= outcomes;
    else found.push(...outcomes.map((outcome) => toDecided(policies, outcome, { index, aids })));
  }
  if (found.length === 0 && misnamed !== undefined) throw new MisnamedError(misnamed);
  return found;
}

function toDecided(
  policies: EffectivePolicies,
  { request, via, gateway, connection, decision }: Outcome,
  { index, aids }: { readonly index: number; readonly aids: Aids },
): DecidedRequest {
  const service = via && `${via.service.namespace}/${via.service.name}:${via.port.number}`;
  return { index, id: request.id, request, service, gateway, connection, ...tell(policies, decision, aids) };
}
