// Writes unicode-17.txt, from what Node itself knows of Unicode 17.0: node unicode-17.mjs > unicode-17.txt
// Tests hold the result against the engine's own nfc_normalize and the base library's categories.
const Last = 0x10ffff, Surrogates = [0xd800, 0xdfff], Hangul = [0xac00, 0xd7a3];
if (process.versions.unicode !== '17.0') throw new Error(`Unicode ${process.versions.unicode}, expected 17.0`);
const hex = code => code.toString(16), text = code => String.fromCodePoint(code), codes = string => [...string].map(c => c.codePointAt(0));
const within = (code, [from, to]) => code >= from && code <= to;
const all = []; for (let code = 0; code <= Last; code++) if (!within(code, Surrogates)) all.push(code);
const ranges = (of, label) => {
  const found = [];
  for (const code of all) {
    const value = of(code), last = found.at(-1);
    if (value === null) continue;
    if (last && last.to === code - 1 && last.value === value) last.to = code; else found.push({ from: code, to: code, value });
  }
  return found.map(({ from, to, value }) => (from === to ? hex(from) : `${hex(from)}-${hex(to)}`) + label(value));
};
// A combining class is not told by JavaScript, but order is: a mark moves before another when its class is lower.
// One mark of each class that Unicode has, by DerivedCombiningClass.txt.
const marks = new Map([[1, 0x334], [6, 0x16ff0], [7, 0x93c], [8, 0x3099], [9, 0x94d], [10, 0x5b0], [11, 0x5b1], [12, 0x5b2], [13, 0x5b3], [14, 0x5b4], [15, 0x5b5],
  [16, 0x5b6], [17, 0x5b7], [18, 0x5b8], [19, 0x5b9], [20, 0x5bb], [21, 0x5bc], [22, 0x5bd], [23, 0x5bf], [24, 0x5c1], [25, 0x5c2], [26, 0xfb1e], [27, 0x64b], [28, 0x64c],
  [29, 0x64d], [30, 0x64e], [31, 0x64f], [32, 0x650], [33, 0x651], [34, 0x652], [35, 0x670], [36, 0x711], [84, 0xc55], [91, 0xc56], [103, 0xe38], [107, 0xe48], [118, 0xeb8],
  [122, 0xec8], [129, 0xf71], [130, 0xf72], [132, 0xf74], [202, 0x321], [214, 0x1dce], [216, 0x31b], [218, 0x302a], [220, 0x316], [222, 0x59a], [224, 0x302e], [226, 0x1d16d],
  [228, 0x5ae], [230, 0x300], [232, 0x315], [233, 0x35c], [234, 0x35d], [240, 0x345]]);
const moves = (first, second) => (text(first) + text(second)).normalize('NFD') !== text(first).normalize('NFD') + text(second).normalize('NFD');
const classOf = code => {
  if (!/\p{M}/u.test(text(code)) || codes(text(code).normalize('NFD')).length > 1) return null;
  const lower = [...marks].filter(([, mark]) => moves(code, mark)), higher = [...marks].filter(([, mark]) => moves(mark, code));
  if (!lower.length && !higher.length) return null;
  const same = [...marks.keys()].filter(value => !lower.some(([v]) => v === value) && !higher.some(([v]) => v === value));
  if (same.length !== 1) throw new Error(`${hex(code)}: ${same}`);
  return same[0];
};
// a:b+c: composed of b and c, and composed again. a>b+c: taken apart for good.
const parts = all.filter(code => !within(code, Hangul) && text(code).normalize('NFD') !== text(code)).map(code => {
  const apart = codes(text(code).normalize('NFD'));
  if (text(code).normalize('NFC') !== text(code)) return `${hex(code)}>${apart.map(hex).join('+')}`;
  const first = codes(String.fromCodePoint(...apart.slice(0, -1)).normalize('NFC'));
  if (first.length !== 1) throw new Error(hex(code));
  return `${hex(code)}:${hex(first[0])}+${hex(apart.at(-1))}`;
});
// Simple lower case: one character for one. U+0130 alone has a longer one among the unconditional full mappings.
const lower = all.map(code => [code, code === 0x130 ? [0x69] : codes(text(code).toLowerCase())]).filter(([code, to]) => to[0] !== code).map(([code, to]) => {
  if (to.length !== 1) throw new Error(hex(code));
  return `${hex(code)}:${hex(to[0])}`;
});
const section = (name, words) => {
  const lines = []; let line = '';
  for (const word of words) { if (line.length + word.length > 118) { lines.push(line); line = ''; } line += (line ? ' ' : '') + word; }
  return `[${name}]\n${[...lines, line].join('\n')}\n`;
};
process.stdout.write('# Unicode 17.0, made by unicode-17.mjs. Characters that are in neither category C nor Z; canonical combining classes;\n'
  + '# canonical decompositions (":" composed again, ">" never); simple lower case.\n'
  + section('seen', ranges(code => /[\p{C}\p{Z}]/u.test(text(code)) ? null : 0, () => ''))
  + section('classes', ranges(classOf, value => `=${value}`)) + section('parts', parts) + section('lower', lower));
