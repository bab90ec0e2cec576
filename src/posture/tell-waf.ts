import type { InspectionDecision, InspectionVerdict, PublicRoute } from '#policy/waf/inspection.js';
import { gapsOf } from '#policy/waf/verdict.js';
import type { Posture } from './posture.js';
import type { StoryChapter, StoryStep } from './row.js';
import { chapter, stepOf } from './tell.js';
import type { Teller } from './tell.js';

/** Ways in that are told one by one. */
const mostRoutes = 100;

const answers: Readonly<Record<InspectionVerdict, string>> = {
  inspected: 'every request is inspected',
  partly: 'some requests, or parts of them, are left out',
  'detects-only': 'requests are looked into, none is blocked',
  'fails-open': 'inspected, but requests pass when the engine does not answer',
  'not-inspected': 'nothing in the manifests inspects requests',
};

function nameOf({ policies }: Posture, id: string): string {
  return policies.waf.products.find((product) => product.id === id)?.name ?? id;
}

/** What puts the inspection there, and each of its gaps with its place. */
function stepsOf(teller: Teller, decision: InspectionDecision): readonly StoryStep[] {
  const by = decision.known ? decision.value.by : [];
  return [
    ...by.map((at) => stepOf(teller, at, 'is part of the inspection')),
    ...gapsOf(decision).map(({ at, kind, note }) => stepOf(teller, at, `gap ${kind}: ${note}`)),
  ];
}

function inspectionChapter(
  { teller, posture }: { readonly teller: Teller; readonly posture: Posture },
  title: string,
  decision: InspectionDecision,
): StoryChapter {
  const told = chapter(teller, title, decision, ({ verdict, products }) => {
    const names = products.map((id) => nameOf(posture, id)).join(', ');
    return names === '' ? answers[verdict] : `${names}: ${answers[verdict]}`;
  });
  const answer = decision.known ? told.answer.replace(" (Istio's default)", '') : told.answer;
  return {
    ...told,
    answer,
    decidedBy: undefined,
    considered: [...stepsOf(teller, decision), ...told.considered],
  };
}

function routeText({ host, path, port, gateway, inspection }: PublicRoute): string {
  const place = `${host}${path ?? ''}${port === undefined ? '' : `, port ${port}`}`;
  const through = gateway === undefined ? '' : ` through ${gateway.id}`;
  return `${place}${through}: ${inspection.known ? inspection.value.verdict : 'unknown'}`;
}

/** How requests to a workload are inspected, those from inside the mesh and those that come in from outside. */
export function wafChapters(teller: Teller, posture: Posture): readonly StoryChapter[] {
  const { eastWest, northSouth, routes } = posture.waf;
  const given = { teller, posture };
  const inside = inspectionChapter(given, 'WAF, from inside the mesh', eastWest);
  if (northSouth === undefined) return [inside];
  const outside = inspectionChapter(given, 'WAF at the ways in', northSouth);
  const ways = routes.slice(0, mostRoutes).map((route) => stepOf(teller, route.at, routeText(route)));
  return [inside, { ...outside, considered: [...ways, ...outside.considered] }];
}
