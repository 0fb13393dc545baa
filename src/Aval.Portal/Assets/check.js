// Checks a receipt: what docs/formats/receipt.md describes, step by step, with the browser's own cryptography.
"use strict";

const text = new TextEncoder();
const concat = (...parts) => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return whole;
};
const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", concat(...parts)));
const base64 = (letters) => {
  const bytes = Uint8Array.from(atob(letters), (letter) => letter.charCodeAt(0));
  if (btoa(String.fromCharCode(...bytes)) !== letters) throw new Error("base64 in another spelling");
  return bytes;
};
const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);
const must = (holds, otherwise) => { if (!holds) throw new Error(otherwise); };

// NAME+ID+KEY (C2SP signed-note): type 1 is Ed25519.
function readKey(vkey) {
  const [name, id, letters] = vkey.trim().split(/\+([0-9a-f]{8})\+/);
  must(name && id && letters, "the key is not NAME+ID+KEY");
  const typed = base64(letters);
  must(typed.length === 33 && typed[0] === 1, "the key is not an Ed25519 key");
  return { name, key: typed.slice(1), typed };
}

// The leaf's sibling first (RFC 9162, 2.1.3.2).
async function rootOf(leaf, index, size, proof) {
  let [at, last, hash] = [index, size - 1n, leaf];
  for (const sibling of proof) {
    must(last > 0n, "the proof is too long");
    if (at % 2n === 1n || at === last) {
      hash = await sha256([1], sibling, hash);
      while (at % 2n === 0n && at !== 0n) { at /= 2n; last /= 2n; }
    } else {
      hash = await sha256([1], hash, sibling);
    }
    at /= 2n;
    last /= 2n;
  }
  must(last === 0n, "the proof is too short");
  return hash;
}

async function verify(file, vkey) {
  const key = readKey(vkey);
  const lines = file.replace(/^\ufeff/, "").replace(/\r\n/g, "\n").split("\n");
  must(lines[0] === "aval-receipt/1" && lines[1].startsWith("choice ") && lines[2].startsWith("opening ")
    && lines[3] === "" && lines[4] === "c2sp.org/tlog-proof@v1" && lines[5].startsWith("index "), "this is no receipt");

  // 1. The entry commits to the choice, word for word.
  const choice = text.encode(lines[1].slice("choice ".length));
  const opening = base64(lines[2].slice("opening ".length));
  const secret = await crypto.subtle.importKey("raw", opening, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const entry = concat([1, 1], new Uint8Array(await crypto.subtle.sign("HMAC", secret, choice)));

  // 2. The checkpoint is the ledger's.
  const end = lines.indexOf("", 6);
  const proof = lines.slice(6, end).map(base64);
  const note = lines.slice(end + 1);
  const break_ = note.indexOf("");
  const body = note.slice(0, break_);
  must(body[0] === key.name, "the checkpoint is of another ledger: " + body[0]);
  const id = (await sha256(text.encode(key.name + "\n"), key.typed)).slice(0, 4);
  const line = note.slice(break_ + 1).filter((one) => one.startsWith("\u2014 " + key.name + " "))
    .map((one) => base64(one.slice(("\u2014 " + key.name + " ").length))).find((one) => same(one.slice(0, 4), id));
  must(line, "the ledger's key did not sign this checkpoint");
  const ed25519 = await crypto.subtle.importKey("raw", key.key, "Ed25519", false, ["verify"]);
  must(await crypto.subtle.verify("Ed25519", ed25519, line.slice(4), text.encode(body.join("\n") + "\n")),
    "the signature is not valid");

  // 3. The entry is in the ledger.
  const root = await rootOf(await sha256([0], entry), BigInt(lines[5].slice("index ".length)), BigInt(body[1]), proof);
  must(same(root, base64(body[2])), "the proof does not lead to the checkpoint's root");
  return JSON.parse(lines[1].slice("choice ".length));
}

document.getElementById("check").addEventListener("submit", async (sent) => {
  sent.preventDefault();
  const verdict = document.getElementById("verdict");
  const { good, bad } = sent.target.dataset;
  try {
    const [file] = document.getElementById("receipt").files;
    const choice = await verify(await file.text(), document.getElementById("key").value);
    verdict.className = "good";
    verdict.textContent = good + " (" + choice.kind + ", " + choice.account + ", " + choice.made_at + ")";
  } catch (wrong) {
    verdict.className = "bad";
    verdict.textContent = bad + " " + wrong.message;
  }
});
