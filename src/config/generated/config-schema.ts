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
    secretMetadata: {
      description: 'Of a live cluster list the names and types of Secrets, too; never their values.',
      type: 'boolean',
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
    options: {
      description: 'Options of checks, by id: see the page of the check.',
      type: 'object',
      additionalProperties: false,
      properties: {
        'CAP-001': {
          description: 'Inbound ports bypass the proxy',
          type: 'object',
          additionalProperties: false,
          properties: {
            allowedPorts: {
              description: 'Ports that may be left out of inbound capture, such as one for metrics.',
              type: 'array',
              items: { type: 'integer', minimum: 1, maximum: 65535 },
              default: [],
            },
          },
        },
        'CAP-004': {
          description: 'Outbound traffic bypasses the proxy',
          type: 'object',
          additionalProperties: false,
          properties: {
            allowedPorts: {
              description:
                'Ports of destinations that may be left out of outbound capture, such as that of a database.',
              type: 'array',
              items: { type: 'integer', minimum: 1, maximum: 65535 },
              default: [],
            },
          },
        },
        'CP-005': {
          description: 'Control plane may run with too few pods',
          type: 'object',
          additionalProperties: false,
          properties: {
            minReplicas: {
              description: 'The least number of pods of istiod that always run.',
              type: 'integer',
              minimum: 2,
              maximum: 100,
              default: 2,
            },
          },
        },
        'CP-012': {
          description: 'Certificates of workloads live long',
          type: 'object',
          additionalProperties: false,
          properties: {
            maxHours: {
              description: 'The longest life of a certificate that is set for workloads, in hours.',
              type: 'integer',
              minimum: 1,
              maximum: 87600,
              default: 168,
            },
            maxRequestedHours: {
              description:
                'The longest life for which the CA may sign when a workload asks (MAX_WORKLOAD_CERT_TTL), in hours.',
              type: 'integer',
              minimum: 1,
              maximum: 87600,
              default: 2160,
            },
          },
        },
        'CP-013': {
          description: 'Keys of the mesh are too short',
          type: 'object',
          additionalProperties: false,
          properties: {
            minRsaBits: {
              description: 'The least length of an RSA key, in bits.',
              type: 'integer',
              minimum: 2048,
              maximum: 16384,
              default: 2048,
            },
          },
        },
        'ENR-001': {
          description: 'Workload is in no mesh',
          type: 'object',
          additionalProperties: false,
          properties: {
            outsideNamespaces: {
              description: 'Namespaces whose workloads are meant to be in no mesh.',
              type: 'array',
              items: { type: 'string', minLength: 1 },
              default: [],
            },
          },
        },
        'GW-003': {
          description: 'Gateway allows outdated TLS versions',
          type: 'object',
          additionalProperties: false,
          properties: {
            minVersion: {
              description: 'The least TLS version that a gateway may accept.',
              enum: ['1.2', '1.3'],
              default: '1.2',
            },
          },
        },
        'TEL-006': {
          description: 'Tracing samples too many requests',
          type: 'object',
          additionalProperties: false,
          properties: {
            percentage: {
              description: 'The lowest sampling rate that is too high, in percent of the requests.',
              type: 'integer',
              minimum: 1,
              maximum: 100,
              default: 100,
            },
          },
        },
      },
    },
    sensitive: {
      description: 'What weighs more than the rest: findings on it are one step graver.',
      type: 'array',
      items: { $ref: '#/$defs/SensitivePart' },
    },
    wafProducts: {
      description: 'Web application firewalls of your own, or marks to add to those that are known.',
      type: 'array',
      items: { $ref: '#/$defs/WafProduct' },
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
        format: { description: 'As --format names it.', type: 'string' },
        file: {
          description: 'Relative to the working directory; standard output without it.',
          type: 'string',
          minLength: 1,
        },
      },
    },
    SensitivePart: {
      description: 'Workloads and resources of some namespaces, of some labels, or both.',
      type: 'object',
      additionalProperties: false,
      minProperties: 1,
      properties: {
        namespaces: {
          description: 'Names of namespaces; * for any run of characters.',
          type: 'array',
          minItems: 1,
          items: { type: 'string', minLength: 1 },
        },
        labels: {
          description: 'Labels that the pods, or the resource itself, carry.',
          type: 'object',
          minProperties: 1,
          additionalProperties: { type: 'string' },
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
          additionalProperties: { type: 'object', additionalProperties: { type: 'string' } },
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
    WafAgentMode: {
      description:
        "How an agent takes requests: asked by Envoy (ext_authz, ext_proc), in front of the application, asked by its web server's module, or inside the proxy's own image.",
      enum: ['ext_authz', 'ext_proc', 'reverse-proxy', 'module', 'in-process'],
    },
    WafFilterMark: {
      description: 'A filter of a proxy, told by all that is given here; * stands for any text.',
      type: 'object',
      additionalProperties: false,
      minProperties: 1,
      properties: {
        names: {
          description: 'Names of the filter.',
          type: 'array',
          minItems: 1,
          items: { type: 'string', minLength: 1 },
        },
        types: {
          description: "Full names of the configuration's message.",
          type: 'array',
          minItems: 1,
          items: { type: 'string', minLength: 1 },
        },
        clusters: {
          description: 'Names of the cluster that is called.',
          type: 'array',
          minItems: 1,
          items: { type: 'string', minLength: 1 },
        },
        addresses: {
          description: 'Addresses that are called, host:port.',
          type: 'array',
          minItems: 1,
          items: { type: 'string', minLength: 1 },
        },
        moduleUrls: {
          description: 'Addresses of the Wasm module.',
          type: 'array',
          minItems: 1,
          items: { type: 'string', minLength: 1 },
        },
        luaModules: {
          description: 'Modules that the Lua script requires.',
          type: 'array',
          minItems: 1,
          items: { type: 'string', minLength: 1 },
        },
        libraries: {
          description: 'Library ids of a Go filter.',
          type: 'array',
          minItems: 1,
          items: { type: 'string', minLength: 1 },
        },
      },
    },
    WafListener: {
      description: 'An environment variable that puts an agent into a mode.',
      type: 'object',
      additionalProperties: false,
      required: ['mode', 'env'],
      properties: {
        mode: { $ref: '#/$defs/WafAgentMode' },
        env: {
          description: 'Names of the variable.',
          type: 'array',
          minItems: 1,
          items: { type: 'string', minLength: 1 },
        },
        value: {
          description: 'Its value; any but an empty one and `false` without it.',
          type: 'string',
          minLength: 1,
        },
        holdsAddress: { description: 'The value holds address:port.', type: 'boolean' },
      },
    },
    WafDetectMark: {
      description: 'A variable by which an agent only looks on.',
      type: 'object',
      additionalProperties: false,
      required: ['env', 'value'],
      properties: {
        env: {
          description: 'Names of the variable.',
          type: 'array',
          minItems: 1,
          items: { type: 'string', minLength: 1 },
        },
        value: { description: 'Its value.', type: 'string', minLength: 1 },
      },
    },
    WafAgent: {
      description: 'What tells the container: an image or a variable is enough.',
      type: 'object',
      additionalProperties: false,
      minProperties: 1,
      properties: {
        images: {
          description: 'Images without tag and digest.',
          type: 'array',
          minItems: 1,
          items: { type: 'string', minLength: 1 },
        },
        env: {
          description: 'Names of environment variables.',
          type: 'array',
          minItems: 1,
          items: { type: 'string', minLength: 1 },
        },
        args: {
          description: 'Arguments of which one must be there too.',
          type: 'array',
          minItems: 1,
          items: { type: 'string', minLength: 1 },
        },
        listeners: {
          description: 'Variables that say how and where it takes requests.',
          type: 'array',
          items: { $ref: '#/$defs/WafListener' },
        },
        defaultPorts: {
          description: 'Ports where it listens when no variable says so, by mode.',
          type: 'object',
          additionalProperties: false,
          properties: {
            ext_authz: { type: 'integer', minimum: 1, maximum: 65535 },
            ext_proc: { type: 'integer', minimum: 1, maximum: 65535 },
            'reverse-proxy': { type: 'integer', minimum: 1, maximum: 65535 },
            module: { type: 'integer', minimum: 1, maximum: 65535 },
            'in-process': { type: 'integer', minimum: 1, maximum: 65535 },
          },
        },
        defaultSocket: {
          description: "Socket on which it takes a module's requests when no variable says so.",
          type: 'string',
          minLength: 1,
        },
        defaultMode: { $ref: '#/$defs/WafAgentMode' },
        detectsOnly: {
          description: 'Variables by which it only looks on.',
          type: 'array',
          items: { $ref: '#/$defs/WafDetectMark' },
        },
        opens: {
          description: 'Variables by which requests pass when it can not judge them.',
          type: 'array',
          items: { $ref: '#/$defs/WafDetectMark' },
        },
        directiveArgs: {
          description: 'Arguments that each bring a ModSecurity directive.',
          type: 'array',
          minItems: 1,
          items: { type: 'string', minLength: 1 },
        },
        servesNothing: {
          description: 'Images that are its own and serve nothing as a container.',
          type: 'array',
          minItems: 1,
          items: { type: 'string', minLength: 1 },
        },
        takesHttp: {
          description: 'It also takes ext_authz over HTTP, not over gRPC alone.',
          type: 'boolean',
        },
        unproven: {
          description: 'What it inspects is decided outside of the cluster: its presence proves nothing.',
          type: 'boolean',
        },
      },
    },
    WafInjection: {
      description: 'A label or annotation by which a webhook puts the engine into pods.',
      type: 'object',
      additionalProperties: false,
      required: ['on', 'name'],
      properties: {
        on: {
          description: 'Of the pod, or of its namespace.',
          enum: ['label', 'annotation', 'namespace-label'],
        },
        name: { description: 'The whole name.', type: 'string', minLength: 1 },
        value: {
          description: 'Its value; any but `false`, `off`, `disabled` and an empty one without it.',
          type: 'string',
          minLength: 1,
        },
        mode: { $ref: '#/$defs/WafInjectionMode' },
      },
    },
    WafFrontMode: {
      description: 'Where a front tells whether it blocks.',
      type: 'object',
      additionalProperties: false,
      required: ['otherwise'],
      properties: {
        annotation: { description: 'Name of the annotation.', type: 'string', minLength: 1 },
        field: { description: 'Dotted path of the field.', type: 'string', minLength: 1 },
        blocks: {
          description: 'Values by which it blocks.',
          type: 'array',
          minItems: 1,
          items: { type: 'string', minLength: 1 },
        },
        detects: {
          description: 'Values by which it only finds.',
          type: 'array',
          minItems: 1,
          items: { type: 'string', minLength: 1 },
        },
        directives: {
          description: 'The value holds ModSecurity directives, of which the last SecRuleEngine tells.',
          type: 'boolean',
        },
        otherwise: {
          description:
            'What it does where nothing of these is written; `unseen`: the rules lie outside of the cluster.',
          enum: ['blocks', 'detects', 'unseen'],
        },
      },
    },
    WafFrontAnnotation: {
      description: 'An annotation by which inspection is switched on.',
      type: 'object',
      additionalProperties: false,
      required: ['name'],
      properties: {
        name: { description: 'Its name.', type: 'string', minLength: 1 },
        value: {
          description: 'Its value; any but `false`, `off`, `none` and an empty one without it.',
          type: 'string',
          minLength: 1,
        },
      },
    },
    WafFront: {
      description:
        'An object or annotation that makes something in front of the mesh inspect, told by all that is given here.',
      type: 'object',
      additionalProperties: false,
      minProperties: 1,
      properties: {
        kinds: {
          description: 'Kinds of the object, group/Kind.',
          type: 'array',
          minItems: 1,
          items: { type: 'string', pattern: '^[^/]*/[^/]+$' },
        },
        on: {
          description: 'Kinds that carry the annotation.',
          type: 'array',
          minItems: 1,
          items: { type: 'string', minLength: 1 },
        },
        annotation: { $ref: '#/$defs/WafFrontAnnotation' },
        field: {
          description: 'Dotted path of a field that must be set; * steps into every member.',
          type: 'string',
          minLength: 1,
        },
        fieldValue: { description: 'Value of that field.', type: 'string', minLength: 1 },
        mode: { $ref: '#/$defs/WafFrontMode' },
        failure: { $ref: '#/$defs/WafFrontFailure' },
        covers: {
          description:
            'What the object inspects: what its targetRefs name, Services that refer to it, or Services that it leads to.',
          enum: [
            'targets',
            'referring-services',
            'upstreams',
            'ingress-class',
            'gateway-parameters',
            'ingress-classes',
            'ingresses',
            'pods',
            'own-engines',
            'unseen',
          ],
        },
        classes: {
          description: 'For ingress-classes: names of classes.',
          type: 'array',
          minItems: 1,
          items: { type: 'string', minLength: 1 },
        },
        unless: {
          description: 'For ingress-classes: annotation by which an Ingress is taken out.',
          type: 'string',
          minLength: 1,
        },
        ingresses: {
          description: 'For ingresses: dotted path of their names.',
          type: 'string',
          minLength: 1,
        },
        pods: { $ref: '#/$defs/WafFrontPods' },
        refers: {
          description: 'The way to the objects that tell the mode or hold the rules.',
          type: 'array',
          minItems: 1,
          items: { $ref: '#/$defs/WafFrontReference' },
        },
        rules: { $ref: '#/$defs/WafFrontRules' },
        inert: { $ref: '#/$defs/WafFrontInert' },
        unmanaged: { $ref: '#/$defs/WafFrontUnmanaged' },
        leavesOut: {
          description: 'What of the requests it leaves out, for people.',
          type: 'string',
          minLength: 1,
        },
        shared: {
          description: 'Annotation by whose value objects belong together.',
          type: 'string',
          minLength: 1,
        },
        referredBy: {
          description: 'Annotations by which Services name the object.',
          type: 'array',
          minItems: 1,
          items: { type: 'string', minLength: 1 },
        },
        upstreams: {
          description: 'Dotted paths of the names of Services that the object leads to.',
          type: 'array',
          minItems: 1,
          items: { type: 'string', minLength: 1 },
        },
      },
    },
    WafProduct: {
      description:
        'How a web application firewall shows in manifests. Patterns are whole texts in which * stands for any run of characters; case counts not.',
      type: 'object',
      additionalProperties: false,
      required: ['id'],
      properties: {
        id: {
          description: 'A key of your choice, or that of a known product, to which the marks here are added.',
          type: 'string',
          pattern: '^[a-z0-9][a-z0-9-]*$',
        },
        name: { description: 'As reports name it; the id without it.', type: 'string', minLength: 1 },
        filters: {
          description: 'Filters of a proxy that belong to it: one is enough.',
          type: 'array',
          minItems: 1,
          items: { $ref: '#/$defs/WafFilterMark' },
        },
        agent: { $ref: '#/$defs/WafAgent' },
        injected: {
          description: 'Marks by which pods get the engine at admission.',
          type: 'array',
          minItems: 1,
          items: { $ref: '#/$defs/WafInjection' },
        },
        fronts: {
          description: 'Annotations and objects in front of the mesh: one is enough.',
          type: 'array',
          minItems: 1,
          items: { $ref: '#/$defs/WafFront' },
        },
        rules: {
          description: "`seclang`: the plugin's configuration holds ModSecurity directives.",
          enum: ['seclang'],
        },
        needsOwnProxy: {
          description: "The filter works only in the product's own proxy image.",
          type: 'boolean',
        },
      },
    },
    WafFrontPods: {
      description: 'For pods: dotted paths of the labels and of the namespace that they are selected by.',
      type: 'object',
      additionalProperties: false,
      required: ['labels'],
      properties: {
        labels: { description: 'Path of the labels.', type: 'string', minLength: 1 },
        namespace: { description: 'Path of the namespace.', type: 'string', minLength: 1 },
      },
    },
    WafFrontReference: {
      description: 'A step from an object to others that it names.',
      type: 'object',
      additionalProperties: false,
      required: ['kind'],
      properties: {
        kind: {
          description: 'group/Kind of what is named.',
          type: 'string',
          pattern: '^[^/]*/[^/]+$',
        },
        annotation: { description: 'Annotation that holds the names.', type: 'string', minLength: 1 },
        fields: {
          description: 'Dotted paths of the names.',
          type: 'array',
          minItems: 1,
          items: { type: 'string', minLength: 1 },
        },
        holds: {
          description: 'Field that must be set in what is named.',
          type: 'string',
          minLength: 1,
        },
      },
    },
    WafFrontRules: {
      description: 'Where the ModSecurity directives of a front stand.',
      type: 'object',
      additionalProperties: false,
      required: ['fields', 'engine'],
      properties: {
        fields: {
          description: 'Dotted paths of texts or lists of them.',
          type: 'array',
          minItems: 1,
          items: { type: 'string', minLength: 1 },
        },
        core: {
          description: 'Fields that bring the OWASP Core Rule Set, with the directives that come with it.',
          type: 'array',
          minItems: 1,
          items: { $ref: '#/$defs/WafFrontCore' },
        },
        engine: { description: 'What the engine does where no directive says so.', enum: ['On', 'Off'] },
      },
    },
    WafFrontCore: {
      description: 'A field that brings rules when it is set.',
      type: 'object',
      additionalProperties: false,
      required: ['field', 'directives'],
      properties: {
        field: { description: 'Dotted path of the field.', type: 'string', minLength: 1 },
        directives: {
          description: 'Directives that it brings.',
          type: 'array',
          minItems: 1,
          items: { type: 'string', minLength: 1 },
        },
      },
    },
    WafFrontInert: {
      description: 'Values by which nothing comes of it, and why.',
      type: 'object',
      additionalProperties: false,
      required: ['values', 'how'],
      properties: {
        values: {
          description: 'Values.',
          type: 'array',
          minItems: 1,
          items: { type: 'string', minLength: 1 },
        },
        how: { description: 'Why, for people.', type: 'string', minLength: 1 },
      },
    },
    WafFrontUnmanaged: {
      description: 'A controller that is told not to act on it.',
      type: 'object',
      additionalProperties: false,
      required: ['images', 'args', 'text'],
      properties: {
        images: {
          description: 'Images of the controller.',
          type: 'array',
          minItems: 1,
          items: { type: 'string', minLength: 1 },
        },
        args: {
          description: 'Arguments.',
          type: 'array',
          minItems: 1,
          items: { type: 'string', minLength: 1 },
        },
        text: { description: 'What is not seen then, for people.', type: 'string', minLength: 1 },
      },
    },
    WafInjectionMode: {
      description: 'Annotation of the pod that tells whether what is put there blocks.',
      type: 'object',
      additionalProperties: false,
      required: ['annotation', 'detects'],
      properties: {
        annotation: { description: 'Name of the annotation.', type: 'string', minLength: 1 },
        detects: {
          description: 'Values by which it only finds.',
          type: 'array',
          minItems: 1,
          items: { type: 'string', minLength: 1 },
        },
      },
    },
    WafFrontFailure: {
      description: 'Where a front tells that requests pass when it does not work.',
      type: 'object',
      additionalProperties: false,
      required: ['field', 'opens'],
      properties: {
        field: { description: 'Dotted path of the field.', type: 'string', minLength: 1 },
        opens: {
          description: 'Values by which they pass.',
          type: 'array',
          minItems: 1,
          items: { type: 'string', minLength: 1 },
        },
      },
    },
  },
};
