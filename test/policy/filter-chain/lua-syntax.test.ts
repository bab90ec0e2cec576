import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { luaOutline } from '#policy/filter-chain/lua/lua-outline.js';
import { parseLua } from '#policy/filter-chain/lua/lua-syntax.js';

const right: readonly string[] = [
  '',
  'x = 1',
  'local a, b = 1, "two" -- and a comment',
  '--[[ a long\ncomment ]] local s = [==[ ]] ]==]',
  'function m.n:o(a, b, ...) return a + b * -c ^ 2 .. "x", #t end',
  'for i = 1, 10, 2 do print(i) end for k, v in pairs(t) do t[k] = nil end',
  'while not done do if a then break elseif b then goto next else x = y end ::next:: end',
  'repeat local z = { 1, [2] = 3, four = 4; f() } until z.a[1]:m "x" == 0x1F',
  'local function f() return end; f { } f "a" f [[b]] (f)(1)',
  'a.b.c, d[1] = function(...) local x = ... end, nil',
  'local n = 1e3 + .5 + 0xffULL + 3LL',
  's = \'it\\\'s\' .. "\\""',
];

const wrong: readonly string[] = [
  'function envoy_on_request(handle\n',
  'if a then',
  'x = ',
  'end',
  'f(',
  'local 1 = 2',
  'a + b',
  'a.b',
  'f() = 1',
  'return 1 x = 2',
  'x = "unfinished',
  'x = [[unfinished',
  '--[[ unfinished',
  'for i = 1 do end',
  'x = { 1, 2',
  'if x == 1 end',
  'x = @',
  'goto',
  'local function f(a,) end',
];

describe('what LuaJIT loads', () => {
  it.each(right)('takes %j', (code) => {
    expect(parseLua(code).problem).toBeUndefined();
  });

  it.each(wrong)('refuses %j', (code) => {
    expect(parseLua(code).problem).toBeDefined();
  });

  it('tells the line', () => {
    expect(parseLua('x = 1\ny = = 2').problem).toMatch(/^line 2:/);
  });

  it('finds modules that are required at load, also through calls of them', () => {
    const code = 'local a = require "one" local b = require("two").new() function f() require "three" end';
    expect(parseLua(code).requiredAtLoad).toEqual(['one', 'two']);
    expect(luaOutline(code).requires).toEqual(['one', 'two', 'three']);
  });

  it('finds the handler of requests, but not in a comment', () => {
    expect(luaOutline('function envoy_on_request(h) end').handlesRequests).toBe(true);
    expect(luaOutline('envoy_on_request = function(h) end').handlesRequests).toBe(true);
    expect(luaOutline('-- function envoy_on_request(h) end').handlesRequests).toBe(false);
  });

  it('ends on any text, however deeply nested', () => {
    expect(parseLua('('.repeat(100_000)).problem).toBeDefined();
    expect(parseLua('if x then '.repeat(50_000)).problem).toBeDefined();
    expect(parseLua(`if a then ${'elseif b then '.repeat(20_000)} end`).problem).toBeUndefined();
    const words = fc.constantFrom(
      'if',
      'then',
      'end',
      'x',
      '=',
      '(',
      ')',
      '"',
      '[[',
      '--',
      'function',
      '1',
      ',',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 40 }), (parts) => {
        const { problem, requiredAtLoad } = parseLua(parts.join(' '));
        return (problem === undefined || problem.startsWith('line ')) && requiredAtLoad.length === 0;
      }),
    );
  });
});
