import type { ClientDestination } from '#policy/client-tls/client-tls.js';
import type { ClientDefault } from './client-rules.js';
import type { Posture } from './posture.js';
import type { StoryChapter, StoryStep } from './row.js';
import { chapter, stepOf } from './tell.js';
import type { Teller } from './tell.js';

const answers: Readonly<Record<ClientDefault, string>> = {
  auto: 'auto mTLS: mutual TLS to what takes it, plaintext to the rest',
  plaintext: 'auto mTLS is off: plaintext unless a DestinationRule says otherwise',
  hbone: 'the tunnel of ztunnel to what takes it, plaintext to the rest',
  none: 'no proxy: as the application sends it',
};

/** Destinations that are asked about for one story. */
const mostDestinations = 2000;

function destinationText({ host, port, subset }: ClientDestination): string {
  return `${host}:${port}${subset === undefined || subset === '' ? '' : `, subset ${subset}`}`;
}

/** What DestinationRules make of the connections to each destination that one of them is used for. */
function destinationSteps(teller: Teller, { policies, workload }: Posture): readonly StoryStep[] {
  const destinations = policies.clientDestinations(workload).slice(0, mostDestinations);
  return destinations.flatMap((destination): readonly StoryStep[] => {
    const decision = policies.clientTls(workload, destination);
    const [rule] = decision.known ? decision.value.destinationRules : [];
    if (!decision.known || rule === undefined) return [];
    const { effective, verifies, sni, downgrade } = decision.value;
    const parts = [
      `to ${destinationText(destination)}: ${effective}`,
      ...(verifies === false ? ["the server's certificate is not verified"] : []),
      ...(sni === undefined ? [] : [`SNI ${sni}`]),
      ...(downgrade === undefined ? [] : [downgrade]),
    ];
    const by = decision.decidedBy;
    return [stepOf(teller, by === 'default' ? { resource: rule, path: ['spec'] } : by, parts.join(', '))];
  });
}

/** How a workload connects to others, with every destination for which a DestinationRule is used. */
export function clientChapter(teller: Teller, posture: Posture): StoryChapter {
  const told = chapter(teller, 'Client TLS', posture.clientSide, ({ byDefault }) => answers[byDefault]);
  if (!posture.clientSide.known || posture.clientSide.value.rules.length === 0) return told;
  return { ...told, considered: [...destinationSteps(teller, posture), ...told.considered] };
}
