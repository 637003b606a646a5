package cli

import (
	"context"

	"opsdeck/store"
	"opsdeck/ui/kit"
)

// verifyLog follows the log's chain of hashes.
func (a *app) verifyLog(ctx context.Context, b *store.Book, format string) error {
	problems := []string{}
	v, err := b.VerifyLog(ctx, func(p string) { problems = append(problems, p) })
	if err != nil {
		return err
	}
	if format == asJSON {
		err = a.printObjects(object{{"sound", len(problems) == 0}, {"steps", v.Steps}, {"entries", v.Entries}, {"chain", v.Chain}, {"problems", len(problems)}})
	} else {
		for _, p := range problems {
			a.printf("%s\n", kit.Clean(p))
		}
		a.printf("%s, %s\nchain ends in %s\n", plural(v.Steps, "step", "steps"), plural(v.Entries, "entry", "entries"), v.Chain)
	}
	if err == nil && len(problems) > 0 {
		err = failedf("%s: the log was changed, or is damaged; 'opsdeck check' says more", b.Path())
	}
	return err
}
