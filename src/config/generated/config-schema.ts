// Generated from schemas/config.json by scripts/generate/report-schema.mjs; do not edit.

export default {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:meshaudit:config:1',
  title: 'Config',
  description:
    'The file .meshaudit.yaml: what `meshaudit audit` does in this directory. Options of the command line win over it.',
  type: 'object',
  additionalProperties: false,
  properties: {
    paths: {
      description:
        'Files, directories and globs to audit when the command line names none; relative to this file.',
      type: 'array',
      items: { type: 'string', minLength: 1 },
    },
    also: {
      description: 'Paths of resources that complete the mesh but are not reported on.',
      type: 'array',
      items: { type: 'string', minLength: 1 },
    },
    scope: {
      description:
        '`complete`: what the input does not hold does not exist. `partial`: it may live elsewhere.',
      enum: ['partial', 'complete', 'auto'],
    },
    stored: {
      description: 'Take every object as one that the API server has let in.',
      type: 'boolean',
    },
    istioVersion: {
      description: "Istio's version where the input shows none: `1.27` or `1.27.3`.",
      type: 'string',
      pattern: '^1\\.[0-9]{1,3}(\\.[0-9]{1,3})?$',
    },
    environments: {
      description:
        'Which trees make up which cluster or environment, where folders do not tell. A tree may be part of several.',
      type: 'object',
      minProperties: 1,
      additionalProperties: {
        type: 'array',
        minItems: 1,
        items: { type: 'string', minLength: 1 },
      },
    },
    select: {
      description: 'Only these checks: ids or families.',
      type: 'array',
      items: { type: 'string' },
    },
    ignore: {
      description: 'All but these checks: ids or families.',
      type: 'array',
      items: { type: 'string' },
    },
    profile: {
      description:
        '`baseline`: what a reviewer would act on. `strict`: every check. Or the name of one under `profiles`.',
      type: 'string',
      minLength: 1,
    },
    profiles: {
      description: 'Profiles of your own, by name.',
      type: 'object',
      additionalProperties: { $ref: '#/$defs/OwnProfile' },
    },
    frameworks: {
      description: 'Frameworks to report on, control by control.',
      type: 'array',
      items: { type: 'string' },
    },
    severity: {
      description: 'Severity of a check here, by id, instead of its own.',
      type: 'object',
      additionalProperties: { $ref: '#/$defs/Severity' },
    },
    failOn: {
      description: 'Least severity that makes the exit code 1.',
      enum: ['critical', 'high', 'medium', 'low', 'info', 'never'],
    },
    outputs: {
      description: 'Reports to write when the command line names none.',
      type: 'array',
      minItems: 1,
      items: { $ref: '#/$defs/Output' },
    },
    assume: { $ref: '#/$defs/Assume' },
    waivers: {
      description: 'Findings that are accepted for a while.',
      type: 'array',
      items: { $ref: '#/$defs/Waiver' },
    },
    waiverFiles: {
      description: 'Files that hold more waivers, relative to this file.',
      type: 'array',
      items: { type: 'string', minLength: 1 },
    },
    baseline: {
      description: 'A file that --write-baseline has written: what it holds does not count.',
      type: 'string',
      minLength: 1,
    },
  },
  $defs: {
    Severity: { enum: ['critical', 'high', 'medium', 'low', 'info'] },
    OwnProfile: {
      description: 'A choice of checks: those of `base`, with what `add` and without what `drop` names.',
      type: 'object',
      additionalProperties: false,
      properties: {
        base: {
          description: 'What it starts from; `baseline` without it, nothing with `none`.',
          enum: ['baseline', 'strict', 'none'],
        },
        add: {
          description: 'Ids or families of checks.',
          type: 'array',
          items: { type: 'string' },
        },
        drop: {
          description: 'Ids or families of checks.',
          type: 'array',
          items: { type: 'string' },
        },
        severity: {
          description: 'Severity of a check in this profile, by id, instead of its own.',
          type: 'object',
          additionalProperties: { $ref: '#/$defs/Severity' },
        },
      },
    },
    Output: {
      description: 'One report.',
      type: 'object',
      additionalProperties: false,
      required: ['format'],
      properties: {
        format: {
          description: 'As --format names it.',
          type: 'string',
        },
        file: {
          description: 'Relative to the working directory; standard output without it.',
          type: 'string',
          minLength: 1,
        },
      },
    },
    Assume: {
      description:
        'What is true of the cluster though the input does not show it; every report says that it was assumed.',
      type: 'object',
      additionalProperties: false,
      properties: {
        meshConfig: {
          description: "Istio's mesh config, as the ConfigMap istio in the root namespace would hold it.",
          type: 'object',
        },
        rootNamespace: {
          description: 'The namespace of the control plane; istio-system without it.',
          type: 'string',
          minLength: 1,
        },
        namespaces: {
          description: 'Namespaces with their labels.',
          type: 'object',
          additionalProperties: {
            type: 'object',
            additionalProperties: { type: 'string' },
          },
        },
      },
    },
    Waiver: {
      description: "Someone's word that findings are accepted: for what, why, by whom, until when.",
      type: 'object',
      additionalProperties: false,
      required: ['checks', 'reason', 'owner', 'expires'],
      properties: {
        checks: {
          description: 'Ids or families of checks.',
          type: 'array',
          minItems: 1,
          items: { type: 'string' },
        },
        resource: {
          description:
            '`Kind namespace/name` of the resource to edit or of the subject; * for any run of characters.',
          type: 'string',
          minLength: 1,
        },
        namespace: {
          description: 'Namespace of the resource; * for any run of characters.',
          type: 'string',
          minLength: 1,
        },
        labels: {
          description: 'Labels that the resource carries.',
          type: 'object',
          minProperties: 1,
          additionalProperties: { type: 'string' },
        },
        fingerprint: {
          description: 'One finding, as reports name it.',
          type: 'string',
          minLength: 1,
        },
        environment: {
          description: 'Environment of the input; * for any run of characters.',
          type: 'string',
          minLength: 1,
        },
        reason: { description: 'Why it is accepted.', type: 'string', pattern: '\\S' },
        owner: { description: 'Who answers for it.', type: 'string', pattern: '\\S' },
        expires: {
          description: 'The last day on which it counts, YYYY-MM-DD.',
          type: 'string',
          pattern: '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$',
        },
      },
    },
  },
};
