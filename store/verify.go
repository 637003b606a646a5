package store

import (
	"context"
	"encoding/hex"

	"opsdeck/model"
	"opsdeck/store/engine"
)

// Verified is what a verification of the log has found.
type Verified struct {
	Steps   int
	Entries int
	Chain   string // the last hash of the chain, hexadecimal; whoever keeps it elsewhere can tell later that nothing before it was changed
}

// VerifyLog follows the log's chain of hashes over every change, who made it, when and from where. Each fault
// is reported in words. It needs the power to audit.
func (b *Book) VerifyLog(ctx context.Context, report func(problem string)) (Verified, error) {
	if err := b.May(model.PowerAudit); err != nil {
		return Verified{}, err
	}
	c := checker{ctx: ctx, report: report, progress: func(CheckProgress) {}, more: map[string]int{}}
	defer c.tellMore()
	err := b.eng.View(func(tx engine.Tx) error {
		c.tx, c.state, c.expected, c.batches = tx, map[recordID][]byte{}, map[string]int{}, map[model.ID]model.Batch{}
		if err := c.readBatches(); err != nil {
			return err
		}
		return c.replayLog()
	})
	return Verified{Steps: len(c.batches), Entries: int(c.entries), Chain: hex.EncodeToString(c.chain)}, err
}
