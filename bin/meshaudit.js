#!/usr/bin/env node
import module from 'node:module';
import v8 from 'node:v8';

// One run is short and broad: compiled as early as a server's, most functions would never pay for it.
v8.setFlagsFromString('--interrupt-budget=1000000');
module.enableCompileCache?.();
await import('../dist/bundle/main.js');
