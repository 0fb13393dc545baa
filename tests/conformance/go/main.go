// Checks a ledger and its receipts with somebody else's code: golang.org/x/mod/sumdb, which verifies Go's own checksum
// database. The one thing that it does not know is the place of a tile: tile/8/L/N there is tile/L/N here.
//
//	go run main.go LEDGER VKEY [RECEIPT ...]
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

type tiles struct{ dir string }

func (t tiles) Height() int { return height }

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var data [][]byte
	for _, tile := range wanted {
		bytes, err := os.ReadFile(t.path(tile))
		if errors.Is(err, os.ErrNotExist) && tile.W < 1<<height {
			// A partial tile may be gone once the full one is there.
			full := tile
			full.W = 1 << height
			bytes, err = os.ReadFile(t.path(full))
			if err == nil {
				bytes = bytes[:tile.W*tlog.HashSize]
			}
		}
		if err != nil {
			return nil, err
		}
		data = append(data, bytes)
	}
	return data, nil
}

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (t tiles) path(tile tlog.Tile) string {
	return filepath.Join(t.dir, strings.Replace(tile.Path(), "tile/8/", "tile/", 1))
}

// A tree that is computed here, from the entries alone.
type computed []tlog.Hash

func (c computed) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, index := range indexes {
		hashes = append(hashes, c[index])
	}
	return hashes, nil
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: main LEDGER VKEY [RECEIPT ...]")
		os.Exit(2)
	}
	if err := check(os.Args[1], os.Args[2], os.Args[3:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func check(dir, vkey string, receipts []string) error {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return err
	}
	checkpoint, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return err
	}
	tree, err := open(checkpoint, verifier)
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	var stored computed
	var entries [][]byte
	for index := int64(0); index < tree.N; index++ {
		if index%256 == 0 {
			if entries, err = bundle(dir, index/256, tree.N-index); err != nil {
				return err
			}
		}
		hashes, err := tlog.StoredHashes(index, entries[index%256], stored)
		if err != nil {
			return err
		}
		stored = append(stored, hashes...)
	}
	root, err := tlog.TreeHash(tree.N, stored)
	if err != nil {
		return err
	}
	if root != tree.Hash {
		return fmt.Errorf("the entries' root is %v, the checkpoint's %v", root, tree.Hash)
	}
	count := 0
	served := tiles{dir}
	for _, tile := range tlog.NewTiles(height, 0, tree.N) {
		// It also lists the partial tiles of the sizes in between; a log that publishes in batches has none of them.
		if width := int(tree.N >> (height * tile.L) & (1<<height - 1)); tile.W < 1<<height && tile.W != width {
			continue
		}
		count++
		want, err := tlog.ReadTileData(tile, stored)
		if err != nil {
			return err
		}
		got, err := served.ReadTiles([]tlog.Tile{tile})
		if err != nil {
			return err
		}
		if !bytes.Equal(got[0], want) {
			return fmt.Errorf("%s is not what the entries give", served.path(tile))
		}
	}
	// What a client does: proofs computed from tiles, which are authenticated against the checkpoint on the way.
	reader := tlog.TileHashReader(tree, served)
	for index := int64(0); index < tree.N; index += 1 + tree.N/500 {
		proof, err := tlog.ProveRecord(tree.N, index, reader)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, stored[tlog.StoredHashIndex(0, index)]); err != nil {
			return fmt.Errorf("entry %d: %w", index, err)
		}
	}
	for _, path := range receipts {
		if err := checkReceipt(path, verifier, tree, reader); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	fmt.Printf("ok: %d entries, %d tiles, %d receipts\n", tree.N, count, len(receipts))
	return nil
}

// tlog.ParseTree knows the origin of Go's own log only.
func open(signed []byte, verifier note.Verifier) (tlog.Tree, error) {
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() || lines[3] != "" {
		return tlog.Tree{}, fmt.Errorf("not a checkpoint of %s: %q", verifier.Name(), opened.Text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	hash, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: hash}, err
}

// The entries of a bundle, of which there are at least as many as the log has left, up to a full one.
func bundle(dir string, number, width int64) ([][]byte, error) {
	if width > 256 {
		width = 256
	}
	// The data tiles of tlog lie at tile/8/data/N.
	path := func(w int) string {
		tile := tlog.Tile{H: height, L: -1, N: number, W: w}
		return filepath.Join(dir, strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1))
	}
	data, err := os.ReadFile(path(int(width)))
	if errors.Is(err, os.ErrNotExist) {
		data, err = os.ReadFile(path(256))
	}
	if err != nil {
		return nil, err
	}
	var entries [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
			return nil, fmt.Errorf("bundle %d is cut short", number)
		}
		length := int(binary.BigEndian.Uint16(data))
		entries = append(entries, data[2:2+length])
		data = data[2+length:]
	}
	if int64(len(entries)) < width {
		return nil, fmt.Errorf("bundle %d has %d entries, not %d", number, len(entries), width)
	}
	return entries, nil
}

func checkReceipt(path string, verifier note.Verifier, ledger tlog.Tree, reader tlog.HashReader) error {
	file, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	head, rest, ok := bytes.Cut(file, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	if !ok || len(lines) != 3 || lines[0] != "aval-receipt/1" || !strings.HasPrefix(lines[1], "choice ") || !strings.HasPrefix(lines[2], "opening ") {
		return errors.New("not a receipt")
	}
	opening, err := base64.StdEncoding.Strict().DecodeString(strings.TrimPrefix(lines[2], "opening "))
	if err != nil {
		return err
	}
	commitment := hmac.New(sha256.New, opening)
	commitment.Write([]byte(strings.TrimPrefix(lines[1], "choice ")))
	entry := commitment.Sum([]byte{0x01, 0x01})

	head, checkpoint, ok := bytes.Cut(rest, []byte("\n\n"))
	lines = strings.Split(string(head), "\n")
	if !ok || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "index ") {
		return errors.New("no tlog-proof")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	if err != nil {
		return err
	}
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return err
		}
		proof = append(proof, hash)
	}
	tree, err := open(checkpoint, verifier)
	if err != nil {
		return err
	}
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)); err != nil {
		return err
	}
	if tree.N > ledger.N {
		return fmt.Errorf("the receipt's checkpoint has %d entries, the ledger %d", tree.N, ledger.N)
	}
	history, err := tlog.ProveTree(ledger.N, tree.N, reader)
	if err != nil {
		return err
	}
	return tlog.CheckTree(history, ledger.N, ledger.Hash, tree.N, tree.Hash)
}
